/* nginx_conf: nginx does HTTP, static files, slow clients, limits, uploads to disk and downloads;
 * the program sees netstrings with a closed list of names (platform/scgi/scgi_read.h).
 * deploy/nginx.conf is the same with TLS for a machine's own nginx: change both. */
#include "program/nginx_conf.h"

#include <stdarg.h>

#include "core/str.h"

/* The formatter would break the lines of nginx.conf. */
/* clang-format off */
static const char template[] =
	"# Written by siso at each start: changes here are lost. Source: src/program/nginx_conf.c\n"
	"@brotli_module@daemon off; worker_processes @workers@; worker_rlimit_nofile @files@; worker_shutdown_timeout 5s;\n"
	"pid \"@data@/run/nginx.pid\";\n"
	"error_log \"@data@/log/nginx.log\" crit;    # below crit it would keep request lines, and names in them\n"
	"events { worker_connections @connections@; }\n"
	"http {\n"
	"  types { text/html html; text/css css; text/javascript js mjs; application/json json map;\n"
	"    image/svg+xml svg; image/png png; image/jpeg jpg jpeg; image/webp webp; image/x-icon ico;\n"
	"    font/woff2 woff2; text/plain txt; application/pdf pdf; }\n"
	"  default_type application/octet-stream; charset utf-8; charset_types text/css text/javascript text/plain;\n"
	"  server_tokens off; sendfile on; tcp_nopush on; access_log off; reset_timedout_connection on;\n"
	"  client_header_timeout 10s; client_body_timeout 15s; send_timeout 20s;\n"
	"  keepalive_timeout 65s; keepalive_requests 10000;\n"
	"  client_header_buffer_size 2k; large_client_header_buffers 4 8k;\n"
	"  client_max_body_size 64k; client_body_buffer_size 64k;          # equal: no form touches the disk\n"
	"  gzip on; gzip_comp_level 1; gzip_min_length 1024; gzip_vary on;\n"
	"  gzip_types text/css text/javascript text/plain application/json application/problem+json image/svg+xml;\n"
	"\n"
	"  # Limits are by address; a clinic is behind one. The machine itself (a proxy, a test) is not counted.\n"
	"  geo $far { default 1; 127.0.0.0/8 0; ::1 0; }\n"
	"  map $far $peer_key { 1 $binary_remote_addr; default \"\"; }\n"
	"  map \"$far $request_method\" $door_key { \"1 POST\" $binary_remote_addr; default \"\"; }\n"
	"  limit_conn_zone $peer_key zone=peer:10m; limit_conn peer 200; limit_conn_status 429;\n"
	"  limit_req_zone $peer_key zone=page:10m rate=50r/s;\n"
	"  limit_req_zone $door_key zone=door:10m rate=30r/m; limit_req_status 429;\n"
	"\n"
	"  map \"$request_uri $http_accept\" $answer_type {\n"
	"    default html; ~^/api/ json; \"~ .*application/(problem\\+)?json\" json;\n"
	"  }\n"
	"  map \"$request_method $content_type\" $is_upload { default \"\"; \"~^PUT (?!application/json)\" 1; }\n"
	"  map $status $retry_after { 503 5; 429 10; default \"\"; }\n"
	"  map $request_method $method { default $request_method; HEAD GET; }\n"
	"  upstream app {                                                  # twice: a GET is tried again\n"
	"    server \"unix:@data@/run/app.sock\" max_fails=0;\n"
	"    server \"unix:@data@/run/./app.sock\" max_fails=0;\n"
	"  }\n"
	"  scgi_pass_request_headers off;                                  # the program gets these, no others\n"
	"  scgi_param METHOD $method; scgi_param PATH $uri; scgi_param QUERY $args; scgi_param HOST $host;\n"
	"  scgi_param PEER $remote_addr; scgi_param REQUEST_ID $request_id;\n"
	"  scgi_param HTTPS $https if_not_empty;\n"
	"  scgi_param COOKIE $http_cookie if_not_empty;\n"
	"  scgi_param TYPE $content_type if_not_empty;\n"
	"  scgi_param ACCEPT $http_accept if_not_empty;\n"
	"  scgi_param ACCEPT_ENCODING $http_accept_encoding if_not_empty;\n"
	"  scgi_param ORIGIN $http_origin if_not_empty;\n"
	"  scgi_param SITE $http_sec_fetch_site if_not_empty;\n"
	"  scgi_param IF_NONE_MATCH $http_if_none_match if_not_empty;\n"
	"  scgi_param IF_MATCH $http_if_match if_not_empty;\n"
	"  scgi_param IDEMPOTENCY_KEY $http_idempotency_key if_not_empty;\n"
	"  scgi_param AUTHORIZATION $http_authorization if_not_empty;\n"
	"  scgi_param HX_REQUEST $http_hx_request if_not_empty;\n"
	"  scgi_param USER_AGENT $http_user_agent if_not_empty;\n"
	"  scgi_param BODY_FILE $request_body_file if_not_empty;\n"
	"  scgi_param FILE_NAME $http_x_file_name if_not_empty;\n"
	"  scgi_connect_timeout 2s; scgi_send_timeout 10s; scgi_read_timeout 75s;\n"
	"  scgi_buffer_size 16k; scgi_buffers 16 16k; scgi_busy_buffers_size 64k; scgi_max_temp_file_size 256m;\n"
	"  scgi_next_upstream error; scgi_next_upstream_tries 2; scgi_next_upstream_timeout 5s;\n"
	"  scgi_temp_path \"@data@/nginx/scgi\"; client_body_temp_path \"@data@/nginx/body\";\n"
	"  proxy_temp_path \"@data@/nginx/proxy\"; fastcgi_temp_path \"@data@/nginx/fastcgi\";\n"
	"  uwsgi_temp_path \"@data@/nginx/uwsgi\";\n"
	"\n"
	"  server {\n"
	"@listen@    if ($request_method !~ ^(GET|HEAD|POST|PUT|DELETE|PATCH)$) { return 405; }\n"
	"    error_page 502 504 =503 /nginx-busy; error_page 413 /nginx-large; error_page 429 /nginx-many;\n"
	"    location / { limit_req zone=page burst=200 nodelay; scgi_pass app; }\n"
	"    location ~ ^/(login|forgot|reset|invite|switch|api/v1/tokens)(/|$) {\n"
	"      limit_req zone=door burst=20 nodelay; scgi_pass app;\n"
	"    }\n"
	"    if ($is_upload) { rewrite ^(.*)$ /nginx-upload$1 last; }\n"
	"    location /nginx-upload/ {                                     # one file a PUT: its path is handed over\n"
	"      internal; rewrite ^/nginx-upload(/.*)$ $1 break; scgi_pass_request_body off; scgi_pass app;\n"
	"      client_max_body_size 64m; client_body_timeout 30s; client_body_in_file_only clean;\n"
	"    }\n"
	"@static@    location /files/ { internal; alias \"@data@/files/\"; add_header X-Content-Type-Options nosniff; add_header Content-Security-Policy sandbox; }  # X-Accel-Redirect only\n"
	"    location = /nginx-busy { internal; rewrite ^ /nginx-pages/busy.$answer_type last; }\n"
	"    location = /nginx-large { internal; rewrite ^ /nginx-pages/large.$answer_type last; }\n"
	"    location = /nginx-many { internal; rewrite ^ /nginx-pages/many.$answer_type last; }\n"
	"    location /nginx-pages/ {\n"
	"      internal; alias \"@data@/nginx/pages/\"; types { text/html html; application/problem+json json; }\n"
	"      add_header Retry-After $retry_after always; add_header Cache-Control no-store always;\n"
	"    }\n"
	"    location = /may-listen {                                      # decided by the cookie: no query here\n"
	"      internal; scgi_pass_request_body off; scgi_pass app;\n"
	"      scgi_param METHOD GET; scgi_param PATH /may-listen; scgi_param HOST $host;\n"
	"      scgi_param PEER $remote_addr; scgi_param REQUEST_ID $request_id;\n"
	"      scgi_param COOKIE $http_cookie if_not_empty;\n"
	"    }\n"
	"    location = /events {\n"
	"      auth_request /may-listen;\n"
	"      auth_request_set $company $upstream_http_x_company; auth_request_set $user $upstream_http_x_user;\n"
	"      scgi_param METHOD $method; scgi_param PATH $uri; scgi_param HOST $host;\n"
	"      scgi_param REQUEST_ID $request_id; scgi_param LAST_EVENT_ID $http_last_event_id if_not_empty;\n"
	"      scgi_param COMPANY $company if_not_empty; scgi_param USER $user if_not_empty;\n"
	"      scgi_pass \"unix:@data@/run/events.sock\"; scgi_buffering off; gzip off;\n"
	"      scgi_read_timeout 60s; scgi_next_upstream off;\n"
	"    }\n"
	"  }\n"
	"}\n";

/* As the program's own pages of errors look, with nothing to fetch: it may be away. */
#define PAGE(title, text)                                                              \
	"<!doctype html><html lang=\"pt-BR\"><meta charset=\"utf-8\">"                  \
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"      \
	"<meta name=\"color-scheme\" content=\"light dark\"><title>" title "</title>"   \
	"<style>body{font:1rem/1.5 system-ui,sans-serif;display:grid;box-sizing:border-box;" \
	"place-items:center;min-height:100vh;margin:0;padding:1.5rem;"                 \
	"background:light-dark(#f8faf9,#131615);color:light-dark(#18211d,#eef2f0)}"    \
	"main{max-width:25rem;text-align:center;text-wrap:balance}"                     \
	"svg{width:8.5rem;fill:none;stroke:currentColor;color:light-dark(#0f5f45,#7ccba9)}"               \
	"h1{font-size:1.5rem;letter-spacing:-.02em;margin:1rem 0 .5rem}p{margin:.5rem 0}" \
	"a{display:inline-block;margin-top:1rem;padding:.625rem 1.25rem;"              \
	"border-radius:.5rem;background:light-dark(#0f5f45,#7ccba9);"                  \
	"color:light-dark(#fff,#131615);font-weight:600;text-decoration:none}"         \
	"</style><main>" TOOTH "<h1>" title "</h1>" text "</main></html>\n"
#define TOOTH                                                                          \
	"<svg viewBox=\"0 0 160 160\" stroke-linecap=\"round\" aria-hidden=\"true\">"     \
	"<circle cx=\"80\" cy=\"80\" r=\"76\" stroke-width=\"1.2\" stroke-opacity=\".18\"/>" \
	"<circle cx=\"80\" cy=\"80\" r=\"62\" stroke-width=\"1.2\" stroke-opacity=\".28\"/>" \
	"<path d=\"M80 52c-10-9.5-21-13.5-31.5-11-15 3.5-22.5 17-20.5 32 1.7 12 7.5 19 10 31 3 14 4 35 15.5 35" \
	" 13.5 0 10.5-37.5 26.5-37.5s13 37.5 26.5 37.5c11.5 0 12.5-21 15.5-35 2.5-12 8.3-19 10-31" \
	" 2-15-5.5-28.5-20.5-32C101 38.5 90 42.5 80 52Z\" transform=\"translate(8 6) scale(.9)\"" \
	" stroke-width=\"3.2\" fill=\"currentColor\" fill-opacity=\".07\"/>"              \
	"<path d=\"M62 76v7M98 76v7\" stroke-width=\"4\"/>"                                \
	"<path d=\"M70 100c6-5.5 14-5.5 20 0\" stroke-width=\"3.2\"/></svg>"
#define PROBLEM(type, status, title)                                                   \
	"{\"type\":\"" type "\",\"title\":\"" title "\",\"status\":" status "}\n"
#define AGAIN "<p><a href=\"\">Tentar de novo</a></p>"

const char nginx_busy_html[] = PAGE("Um instante",
	"<p>O sistema está ocupado ou voltando de uma atualização. Isso costuma levar segundos.</p>"
	"<p>O que já foi salvo está guardado. Se você enviava um formulário, volte e envie de novo.</p>"
	AGAIN);
const char nginx_busy_json[] = PROBLEM("unavailable", "503",
	"O sistema está ocupado ou em manutenção. Tente de novo em instantes.");
const char nginx_many_html[] = PAGE("Calma, um instante",
	"<p>Chegaram pedidos demais deste endereço em pouco tempo.</p>"
	"<p>Espere uns segundos e tente de novo.</p>" AGAIN);
const char nginx_many_json[] = PROBLEM("too-many", "429",
	"Muitas tentativas em pouco tempo. Espere um instante e tente de novo.");
const char nginx_large_html[] = PAGE("Grande demais",
	"<p>O arquivo ou o texto passa do tamanho permitido. Arquivos podem ter até 64 MB;"
	" formulários, até 64 mil letras.</p><p>Volte e tente com menos.</p>");
const char nginx_large_json[] = PROBLEM("too-large", "413",
	"O arquivo ou o texto passa do tamanho permitido.");
/* clang-format on */

typedef struct Value {
	const char *name, *text;
} Value;

/* Text with each @name@ replaced by its value. */
static void fill(Buf *b, const char *text, const Value *value, size_t count)
{
	while (*text) {
		size_t i = 0, size = 0;

		for (; *text == '@' && i < count; i++) {
			size = strlen(value[i].name);
			if (strncmp(text + 1, value[i].name, size) == 0 && text[size + 1] == '@')
				break;
		}
		if (*text == '@' && i < count) {
			buf_puts(b, value[i].text);
			text += size + 2;
		} else {
			buf_putc(b, *text++);
		}
	}
}

static const char *listen_lines(Arena *mem, const NginxConf *conf)
{
	Buf b;

	buf_init(&b, mem, 1024);
	if (str_same(conf->bind, "*"))
		buf_printf(&b, "    listen %d backlog=4096;", conf->port);
	else if (strchr(conf->bind, ':'))
		buf_printf(&b, "    listen [%s]:%d backlog=4096;", conf->bind, conf->port);
	else
		buf_printf(&b, "    listen %s:%d backlog=4096;", conf->bind, conf->port);
	if (conf->ipv6 && str_same(conf->bind, "*"))
		buf_printf(&b, " listen [::]:%d backlog=4096;", conf->port);
	else if (conf->ipv6 && str_same(conf->bind, "127.0.0.1"))
		buf_printf(&b, " listen [::1]:%d backlog=4096;", conf->port);
	buf_puts(&b, "\n");
	return buf_text(&b);
}

static const char *static_lines(Arena *mem, const NginxConf *conf)
{
	if (!conf->static_dir)
		return "    location /static/ { return 404; }\n";
	return arena_printf(mem,
		"    location /static/ {"
		"                                           # names carry a hash\n"
		"      alias \"%s/\"; gzip_static on;%s\n"
		"      add_header X-Content-Type-Options nosniff;\n"
		"      add_header Cache-Control \"public, max-age=31536000, immutable\";\n"
		"    }\n",
		conf->static_dir, conf->brotli ? " brotli_static on;" : "");
}

const char *nginx_conf_text(Arena *mem, const NginxConf *conf)
{
	/* clang-format off */
	const Value value[] = {
		{ "data", conf->data },
		{ "listen", listen_lines(mem, conf) },
		{ "static", static_lines(mem, conf) },
		{ "workers", arena_printf(mem, "%d", conf->workers) },
		{ "files", arena_printf(mem, "%d", conf->files) },
		/* Two descriptors a request: the browser's and the program's. */
		{ "connections", arena_printf(mem, "%d", conf->files * 9 / 20) },
		{ "brotli_module", conf->brotli ? "load_module " NGINX_BROTLI ";\n" : "" },
	};
	/* clang-format on */
	Buf b;

	buf_init(&b, mem, 64 << 10);
	fill(&b, template, value, COUNT(value));
	return buf_text(&b);
}
