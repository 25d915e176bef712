/* What the template compiler refuses, with line and reason, and the shape of what it writes. That
 * pages come out right is tested in src/platform/html/test, where compiled templates run. */
#include "test.h"
#include "tmplc.h"

/* Compile the lines of a template's body; the C text, or the error. */
static const char *compile_source(Ctx *cx, const char *source)
{
	const char *error = NULL;
	Str text;

	if (tmplc_compile(cx->mem, "t.html", str_of(source), &text, &error))
		return text.ptr;
	return error;
}

static const char *compile(Ctx *cx, const char *body)
{
	return compile_source(
		cx, arena_printf(cx->mem, "%%template t(const V *v)\n%s\n%%end\n", body));
}

static bool is_error(const char *result)
{
	return str_starts(result, "t.html:");
}

/* The body is refused at its line (the first is 2), and the reason holds `why`. */
static void refused(Ctx *cx, const char *file, int at, int line, const char *body, const char *why)
{
	const char *got = compile(cx, body);

	if (!str_starts(got, arena_printf(cx->mem, "t.html:%d: ", line)) || !strstr(got, why))
		test_fail(file, at, "%s\n\tgot %s\n\twanted line %d: … %s", body, got, line, why);
}

static void accepted(Ctx *cx, const char *file, int at, const char *body)
{
	const char *got = compile(cx, body);

	if (is_error(got))
		test_fail(file, at, "%s\n\tgot %s", body, got);
}

/* The C of the body holds `part`. */
static void written(Ctx *cx, const char *file, int at, const char *body, const char *part)
{
	const char *got = compile(cx, body);

	if (is_error(got) || !strstr(got, part))
		test_fail(file, at, "%s\n\tgot %s\n\twanted in it: %s", body, got, part);
}

#define REFUSED(line, body, why) refused(cx, __FILE__, __LINE__, line, body, why)
#define ACCEPTED(body)           accepted(cx, __FILE__, __LINE__, body)
#define WRITTEN(body, part)      written(cx, __FILE__, __LINE__, body, part)

TEST(values_in_scripts_styles_and_comments_are_refused)
{
	REFUSED(2, "<script>var x = \"{{v->x}}\"</script>", "without src");
	REFUSED(2, "<script src=\"/a.js\">{{v->x}}</script>", "must be empty");
	REFUSED(2, "<style>a { color: {{v->x}} }</style>", "{{ in <style>");
	REFUSED(3, "<style>", "inside a comment, <style> or <script>");
	REFUSED(2, "<!-- {{v->x}} -->", "{{ in a comment");
	REFUSED(2, "<!-- {% if (x) %} -->", "{% in a comment");
	REFUSED(3, "<!--\n%if (x)\n-->\n%end", "inside a comment");
	REFUSED(3, "<style>\n%if (x)\n</style>\n%end", "<style>");
	ACCEPTED("<!-- plain -->");
	ACCEPTED("<style>a{b:c}</style>");
}

TEST(values_in_tag_and_attribute_names_are_refused)
{
	REFUSED(2, "<{{v->x}}>", "opens no tag");
	REFUSED(2, "<p{{v->x}}></p>", "inside a double-quoted value");
	REFUSED(2, "<p {{v->x}}></p>", "inside a double-quoted value");
	REFUSED(2, "<p data-{{v->x}}=\"1\"></p>", "attribute name");
	REFUSED(2, "<p data-{% if (x) %}a{% end %}=\"1\"></p>", "white space is missing");
	REFUSED(2, "<h{% if (x) %}1{% end %}></h1>", "HTML has no <h>");
	REFUSED(2, "</{{v->x}}>", "end tag");
}

TEST(values_that_are_not_in_double_quotes_are_refused)
{
	REFUSED(2, "<p title={{v->x}}></p>", "double quotes");
	REFUSED(2, "<p title=x></p>", "double quotes");
	REFUSED(2, "<p title='x'></p>", "double quotes");
	REFUSED(2, "<p title= \"x\"></p>", "double quotes");
	REFUSED(2, "<p title =\"x\"></p>", "'=' in a tag");
	REFUSED(2, "<p title=\"x\"id=\"y\"></p>", "white space is missing before id");
	REFUSED(3, "<p title=\"x", "ends inside a tag");
}

TEST(style_and_event_attributes_are_refused)
{
	REFUSED(2, "<p style=\"color:red\"></p>", "attribute style is refused");
	REFUSED(2, "<p STYLE=\"color:red\"></p>", "attribute STYLE is refused");
	REFUSED(2, "<p onclick=\"x()\"></p>", "attribute onclick is refused");
	REFUSED(2, "<svg><g OnLoad=\"x()\"></g></svg>", "attribute OnLoad is refused");
	REFUSED(2, "<p hx-on:click=\"x()\"></p>", "eval");
	REFUSED(2, "<p hx-vars=\"x()\"></p>", "eval");
	REFUSED(2, "<iframe srcdoc=\"{{v->x}}\"></iframe>", "twice");
	REFUSED(2, "<meta http-equiv=\"refresh\">", "headers");
}

TEST(inline_scripts_are_refused_but_json)
{
	REFUSED(2, "<script>alert(1)</script>", "without src");
	REFUSED(2, "<script src></script>", "without src");
	REFUSED(2, "<script type=\"module\">import x</script>", "without src");
	REFUSED(2, "<script type=\"application/json\">{}</script>", "exactly one");
	REFUSED(2, "<script type=\"application/json\">{{v->a}}{{v->b}}</script>", "exactly one");
	REFUSED(2, "<script type=\"application/json\"></script>", "exactly one");
	REFUSED(2, "<script type=\"application/json\">{\"a\":{{v->a}}}</script>", "exactly one");
	REFUSED(2, "<script type=\"{{v->x}}\">{{v->a}}</script>", "literal");
	REFUSED(2, "<script type=\"{% if (x) %}a{% end %}\">{{v->a}}</script>", "literal");
	REFUSED(2, "<script {% if (x) %}src=\"/a.js\"{% end %}></script>",
		"directive in a <script>");
	REFUSED(3, "<script\n%if (x)\nsrc=\"/a.js\"\n%end\n></script>", "directive in a <script>");
	REFUSED(2, "<svg><script href=\"/a.js\"></script></svg>", "inside <svg>");
	WRITTEN("<script src=\"/a.js\"></script>", "<script src=\\\"/a.js\\\"></script>");
	WRITTEN("<script type=\"application/json\">\n  {{v->json}}\n</script>", "html_put_json(h,");
}

TEST(urls_that_could_leave_the_site_or_run_a_script_are_refused)
{
	REFUSED(2, "<a href=\"javascript:alert(1)\">x</a>", "a script as the value of href");
	REFUSED(2, "<a href=\" JavaScript:alert(1)\">x</a>", "a script as the value of href");
	REFUSED(2, "<a data-x=\"javascript:alert(1)\">x</a>", "a script as the value of data-x");
	REFUSED(2, "<a hx-vals=\"js:{}\">x</a>", "a script as the value of hx-vals");
	REFUSED(2, "<a href=\"http://a.b/\">x</a>", "must be one {{Url}}");
	REFUSED(2, "<a href=\"data:text/html,x\">x</a>", "must be one {{Url}}");
	REFUSED(2, "<a href=\"//evil.com\">x</a>", "must be one {{Url}}");
	REFUSED(2, "<a href=\"/\\evil.com\">x</a>", "must be one {{Url}}");
	REFUSED(2, "<a href=\"leads\">x</a>", "must be one {{Url}}");
	REFUSED(2, "<a href=\"\">x</a>", "href is empty");
	REFUSED(2, "<a href=\"/{{v->a}}/{{v->b}}\">x</a>", "must be one {{Url}}");
	REFUSED(2, "<a href=\"https://{{v->host}}/\">x</a>", "must be one {{Url}}");
	REFUSED(2, "<a href=\"https://a.b{{v->host}}/\">x</a>", "must be one {{Url}}");
	REFUSED(2, "<a href=\"{{v->url}}/x\">x</a>", "must be one {{Url}}");
	REFUSED(2, "<a href=\"{{v->url}}{{v->url}}\">x</a>", "must be one {{Url}}");
	REFUSED(2, "<a href=\"{{v->url}}{% if (x) %}/x{% end %}\">x</a>", "nothing else may stand");
	REFUSED(2, "<a href=\"{% if (x) %}/x{% end %}\">x</a>", "fill href differently");
	REFUSED(2, "<a href=\"{% if (x) %}/x{% else %}{{v->url}}{% end %}\">x</a>",
		"fill href differently");
	REFUSED(2, "<a href=\"/a b\">x</a>", "white space in a URL");
	REFUSED(2, "<a href=\"/a\n/b\">x</a>", "white space in a URL");
	REFUSED(2, "<img srcset=\"{{v->x}} 2x\">", "literal text only");
	REFUSED(2, "<a hx-push-url=\"sometimes\">x</a>", "must be one {{Url}}");
	REFUSED(2, "<button hx-vals=\"{{v->a}}x\">x</button>", "nothing else may stand");
	REFUSED(2, "<button hx-vals=\"a{{v->a}}\">x</button>", "nothing else may stand");
}

TEST(urls_are_written_by_their_kind)
{
	WRITTEN("<a href=\"{{v->url}}\">x</a>", "html_put_url(h,");
	WRITTEN("<a href=\"/leads/{{v->id}}?x={{v->x}}\">x</a>", "html_url_value(h,");
	WRITTEN("<a href=\"https://wa.me/{{v->id}}\">x</a>", "html_url_value(h,");
	WRITTEN("<a href=\"tel:{{v->phone}}\">x</a>", "html_address_value(h,");
	WRITTEN("<a href=\"#{{v->id}}\">x</a>", "html_url_value(h,");
	WRITTEN("<a href=\"{% if (x) %}/a{% else %}/b{% end %}/{{v->id}}\">x</a>",
		"html_url_value(h,");
	WRITTEN("<a href=\"{% if (x) %}{{v->a}}{% else %}{{v->b}}{% end %}\">x</a>",
		"html_put_url(h,");
	WRITTEN("<a href=\"/x{% if (x) %}?q={{v->q}}{% end %}\">x</a>", "html_url_value(h,");
	WRITTEN("<svg><use href=\"/icons.svg#{{v->icon}}\"/></svg>", "html_url_value(h,");
	WRITTEN("<p title=\"{{v->x}}\">x</p>", "html_plain_value(h,");
	WRITTEN("<p>{{v->x}}</p>", "html_value(h,");
	WRITTEN("<title>{{v->x}}</title>", "html_plain_value(h,");
	WRITTEN("<textarea>{{v->x}}</textarea>", "html_plain_value(h,");
	WRITTEN("<button hx-vals=\"{{v->json}}\">x</button>", "html_put_json_value(h,");
	ACCEPTED("<a href=\"/\">x</a><a href=\"https://a.b\">x</a><a hx-push-url=\"true\">x</a>");
}

TEST(a_branch_must_leave_the_html_where_it_found_it)
{
	REFUSED(4, "%if (x)\n<div>\n%end\n</div>", "<div> of line 3 is opened but not closed");
	REFUSED(4, "<div>\n%if (x)\n</div>\n%end", "</div> closes an element opened outside");
	REFUSED(4, "%if (x)\n<b>\n%else\n<i>\n%end\nx", "<b> of line 3 is opened but not closed");
	REFUSED(4, "%for (;;)\n<li>\n%end", "<li> of line 3");
	REFUSED(2, "<p {% if (x) %}>{% end %}</p>", "<p> of line 2 is opened");
	REFUSED(2, "<br {% if (x) %}>{% end %}", "another place");
	REFUSED(2, "<p class=\"a{% if (x) %}\"{% end %}></p>", "another place");
	REFUSED(2, "<p class=\"a{% if (x) %}\" id=\"b{% end %}\"></p>", "another place");
	REFUSED(2, "<p {% if (x) %}><b {% end %}></b></p>", "<p> of line 2");
	REFUSED(2, "<br {% if (x) %}><br {% end %}>", "another place");
	REFUSED(2, "{% if (x) %}<!-- {% end %} -->", "in a comment");
	REFUSED(2, "<textarea>{% if (x) %}</textarea>{% end %}", "opened outside this branch");
	REFUSED(2, "<p{% for (;;) %} {% if (x) %}a{% end %}{% end %}b></p>",
		"white space is missing");
	ACCEPTED("<p {% if (x) %}class=\"a\"{% else %}class=\"b\"{% end %}></p>");
	ACCEPTED("<p{% if (x) %} hidden{% end %}></p>");
	ACCEPTED("<p class=\"a{% for (;;) %} {{v->x}}{% end %}\"></p>");
	ACCEPTED("<textarea>{% if (x) %}a{% else %}b{% end %}</textarea>");
	ACCEPTED("<input\n%if (x)\n  checked\n%elif (y)\n  disabled\n%end\n>");
}

TEST(elements_nest_and_exist)
{
	REFUSED(3, "<div>\n</p>", "</p> but the <div> of line 2 is still open");
	REFUSED(3, "<div>", "the <div> of line 2 is not closed");
	REFUSED(2, "</div>", "closes nothing that this template opened");
	REFUSED(2, "<sapn></sapn>", "HTML has no <sapn>");
	REFUSED(2, "<Div></Div>", "lower case");
	REFUSED(2, "<p Class=\"x\"></p>", "lower case");
	REFUSED(2, "<div/>", "does not close itself");
	REFUSED(2, "<br></br>", "</br> closes nothing");
	REFUSED(2, "<p>a<div></div></p>", "ends the <p> there");
	REFUSED(2, "<p>a<li>b</li></p>", "ends the <p> there");
	REFUSED(2, "<a href=\"/\"><b><a href=\"/\">x</a></b></a>", "<a> inside the <a>");
	REFUSED(3, "<form><div>\n<form></form></div></form>", "<form> inside the <form> of line 2");
	REFUSED(2, "<object></object>", "no place");
	REFUSED(2, "<base href=\"/\">", "no place");
	REFUSED(2, "<p class=\"a\" class=\"b\"></p>", "stands twice");
	REFUSED(2, "<p {% if (x) %}class=\"a\"{% end %} class=\"b\"></p>", "stands twice");
	REFUSED(2, "a < b", "&lt;");
	REFUSED(2, "<textarea>a < b</textarea>", "&lt;");
	REFUSED(2, "<!doctype html5>", "&lt;");
	REFUSED(2, "<!-->x-->", "closes at its opening");
	REFUSED(2, "<!-- --!> -->", "must end with -->");
	ACCEPTED("<!doctype html>");
	ACCEPTED("<svg viewBox=\"0 0 1 1\"><linearGradient/><path d=\"M0\"/></svg>");
	ACCEPTED("<my-part></my-part><br><br/><input><button><p>a</p></button>");
	ACCEPTED("<td><p>a</p></td><table><tr><td><p>b</p></td></tr></table>");
}

TEST(a_template_may_open_or_close_elements_when_it_says_so)
{
	CHECK(!is_error(compile_source(cx, "%template opens a()\n<main>\n%end\n")));
	CHECK(!is_error(compile_source(cx, "%template closes a()\n</main></body>\n%end\n")));
	CHECK(!is_error(compile_source(cx, "%template static opens closes a()\n</a><b>\n%end\n")));
	CHECK(is_error(compile_source(cx, "%template closes a()\n</a>\n<b>\n%end\n")));
	CHECK(is_error(compile_source(cx, "%template closes a()\n%if (x)\n</a>\n%end\n%end\n")));
	CHECK(is_error(compile_source(cx, "%template opens a()\n<p\n%end\n")));
}

TEST(directives_are_whole_and_paired)
{
	REFUSED(2, "%if x", "parentheses");
	REFUSED(2, "%if (x) && (y)", "parentheses");
	REFUSED(2, "%if (x", "not closed");
	REFUSED(2, "%if (x) {", "not closed");
	REFUSED(2, "%if (x]", "do not match");
	REFUSED(2, "%if (x == \"a)", "string is not closed");
	REFUSED(2, "%if (x) // why", "a comment inside C");
	REFUSED(2, "%if (x; y)", "';'");
	REFUSED(1, "%while (x)", "no %end");
	REFUSED(2, "%else", "without an open %if");
	REFUSED(3, "%for (;;)\n%else\n%end", "without an open %if");
	REFUSED(4, "%if (x)\n%else\n%elif (y)\n%end", "without an open %if");
	REFUSED(3, "%if (x)\n%else (y)\n%end", "nothing may follow");
	REFUSED(3, "%if (x)\n%end if", "nothing may follow");
	REFUSED(2, "%unless (x)", "%unless (x) is no directive");
	REFUSED(2, "%call icon", "name(arguments)");
	REFUSED(2, "%call icon(1); evil()", "';'");
	REFUSED(2, "%set", "needs a declaration");
	REFUSED(2, "%set int x = 1;", "';'");
	REFUSED(2, "%template x()", "inside the template of line 1");
	REFUSED(2, "%include \"x.h\"", "inside a template");
	REFUSED(2, "<p title=\"{% call x() %}\"></p>", "in text only");
	REFUSED(2, "{% end %}", "without {% if %}");
	REFUSED(2, "{% template x() %}", "no inline directive");
	REFUSED(2, "{% if (x) ", "\"%}\" is missing");
	REFUSED(1, "{% if (x) %}", "no %end");
}

TEST(expressions_are_one_c_expression_on_their_line)
{
	REFUSED(2, "{{}}", "empty");
	REFUSED(2, "{{ }}", "empty");
	REFUSED(2, "{{v->x", "\"}}\" is missing");
	REFUSED(2, "{{v->x\n}}", "\"}}\" is missing");
	REFUSED(2, "{{v->x); evil(}}", "do not match");
	REFUSED(2, "{{v->x; 1}}", "';'");
	REFUSED(2, "{{a, b}}", "','");
	REFUSED(2, "{{a // b}}", "a comment inside C");
	REFUSED(2, "{{a \\}}", "preprocessor");
	REFUSED(2, "{{\"a}}", "string is not closed");
	WRITTEN("{{f((P){ 1, { 2 }})}}", "(f((P){ 1, { 2 }})));");
	WRITTEN("{{\"}}\"}}", "(\"}}\"));");
	WRITTEN("{{'\"'}}{{ v->x }}", "(v->x));");
}

TEST(text_stands_inside_templates_and_is_clean_utf8)
{
	CHECK(strstr(compile_source(cx, "hello\n"), "t.html:1: text outside") != NULL);
	CHECK(strstr(compile_source(cx, "%if (x)\n"), "outside of a %template") != NULL);
	CHECK(strstr(compile_source(cx, "%end\n"), "outside of a %template") != NULL);
	CHECK(strstr(compile_source(cx, "%include <x.h>\n"), "write %include") != NULL);
	CHECK(strstr(compile_source(cx, "%template\n"), "name(arguments)") != NULL);
	CHECK(strstr(compile_source(cx, "%template X()\n"), "name(arguments)") != NULL);
	CHECK(strstr(compile_source(cx, "\n%template t()\n"), "t.html:2: no %end for") != NULL);
	REFUSED(3, "a\n\xff", "clean UTF-8");
	REFUSED(2, "a\r\nb", "clean UTF-8");
	REFUSED(2, "a\xE2\x80\xAE", "clean UTF-8");
}

TEST(too_much_nesting_is_an_error)
{
	Buf body;

	buf_init(&body, cx->mem, 1 << 20);
	for (int i = 0; i < 100; i++)
		buf_puts(&body, "%if (x)\n");
	REFUSED(65, buf_text(&body), "directives nested too deep");
	buf_init(&body, cx->mem, 1 << 20);
	for (int i = 0; i < 300; i++)
		buf_puts(&body, "<div>\n");
	REFUSED(258, buf_text(&body), "elements nested too deep");
	buf_init(&body, cx->mem, 1 << 20);
	buf_puts(&body, "{{");
	for (int i = 0; i < 100; i++)
		buf_putc(&body, '(');
	REFUSED(2, buf_text(&body), "brackets nested too deep");
}

TEST(c_errors_will_point_at_line_and_column_of_the_template)
{
	WRITTEN("<p>\n  <b>ação {{v->nmae}}</b></p>",
		"#line 2 \"t.html\"\n\thtml_value(h,\n           (v->nmae));\n");
	WRITTEN("  %if (v->x)\n%end", "#line 2 \"t.html\"\n   if (v->x) {\n");
	WRITTEN("%if (v->x)\n\t%elif (v->y)\n%end",
		"} else\n#line 3 \"t.html\"\n\t   if (v->y) {\n");
	WRITTEN("%set int x = 1", "#line 2 \"t.html\"\n     int x = 1;\n");
	WRITTEN("%call icon(\"a\")", "#line 2 \"t.html\"\n      icon(h, \"a\");\n");
	WRITTEN("%call icon()", "icon(h);\n");
	WRITTEN("%call f(&(A){ 1,\n  2 })\n{{v->x}}", "f(h, &(A){ 1,\n  2 });\n#line 4 \"t.html\"");
	CHECK(strstr(compile_source(cx, "%include \"a/b.h\"\n"),
		"#line 1 \"t.html\"\n#include \"a/b.h\"\n"));
}

TEST(literal_text_is_merged_into_one_call)
{
	const char *text =
		compile(cx, "<div>\n  <p class=\"a\">Olá\n  mundo</p>\n  <!-- x -->\n</div>");
	const char *first = strstr(text, "html_raw(");

	CHECK(first && !strstr(first + 1, "html_raw("));
}

TEST(forms_that_post_to_this_site_get_the_token)
{
	WRITTEN("<form method=\"post\" action=\"/x\"></form>", "html_csrf(h);");
	WRITTEN("<form method=\"POST\" action=\"{{v->url}}\"></form>", "html_csrf(h);");
	CHECK(!strstr(compile(cx, "<form action=\"/x\"></form>"), "html_csrf"));
	CHECK(!strstr(compile(cx, "<form method=\"get\" action=\"/x\"></form>"), "html_csrf"));
	CHECK(!strstr(
		compile(cx, "<form method=\"post\" action=\"https://a.b/\"></form>"), "html_csrf"));
	REFUSED(2, "<form method=\"{{v->method}}\"></form>", "literal");
}
