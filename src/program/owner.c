/* owner: the one place that knows about root. */
#include "program/owner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/random.h"
#include "core/str.h"
#include "program/say.h"

#define ELSEWHERE "/var/lib/siso"

typedef struct Owner {
	uid_t uid;
	gid_t gid;
	const char *name;
} Owner;

bool folder_is_empty(const char *path)
{
	DIR *folder = opendir(path);
	bool empty = true;

	if (!folder)
		return errno == ENOENT;
	for (struct dirent *entry; empty && (entry = readdir(folder));)
		empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	closedir(folder);
	return empty;
}

static bool become(const Owner *owner)
{
	return initgroups(owner->name, owner->gid) == 0 &&
	       setresgid(owner->gid, owner->gid, owner->gid) == 0 &&
	       setresuid(owner->uid, owner->uid, owner->uid) == 0;
}

/* Would the owner get at path? Asked by a child that has stepped down: the kernel alone knows. */
static bool may(const Owner *owner, const char *path, int mode)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0)
		_exit(become(owner) && access(path, mode) == 0 ? 0 : 1);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool copy_file(const char *from, const char *to, mode_t mode)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	struct stat info = { 0 };
	bool whole = in >= 0 && out >= 0 && fstat(in, &info) == 0;

	for (off_t left = info.st_size; whole && left > 0;) {
		ssize_t done = sendfile(out, in, NULL, (size_t)left);

		whole = done > 0;
		left -= done;
	}
	whole = whole && fchmod(out, mode) == 0;
	if (in >= 0)
		close(in);
	if (out >= 0)
		whole = close(out) == 0 && whole;
	return whole;
}

static bool copy_folder(Arena *mem, const char *from, const char *to)
{
	DIR *folder = opendir(from);
	bool whole = folder && (mkdir(to, 0755) == 0 || errno == EEXIST) && chmod(to, 0755) == 0;

	for (struct dirent *entry; whole && (entry = readdir(folder));) {
		const char *source = arena_printf(mem, "%s/%s", from, entry->d_name);
		const char *target = arena_printf(mem, "%s/%s", to, entry->d_name);
		struct stat info;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
			stat(source, &info) != 0)
			continue;
		if (S_ISDIR(info.st_mode))
			whole = copy_folder(mem, source, target);
		else if (S_ISREG(info.st_mode))
			whole = copy_file(source, target, 0644);
	}
	if (folder)
		closedir(folder);
	return whole;
}

/* A fresh copy at each start: the build may have changed. */
static bool bring_program(Home *home, const Owner *owner)
{
	const char *place = arena_printf(home->mem, "%s/program", home->data);
	const char *exe = arena_printf(home->mem, "%s/siso", place);
	const char *statics = arena_printf(home->mem, "%s/static", place);

	if (may(owner, home->exe, X_OK) &&
		(!home->static_dir || may(owner, home->static_dir, R_OK | X_OK)))
		return true;
	if (!folder_make(place, 0755) || chmod(place, 0755) != 0)
		return false;
	/* The old one may still run: a new file, not new content. */
	unlink(exe);
	if (!copy_file(home->exe, exe, 0755) ||
		(home->static_dir && !copy_folder(home->mem, home->static_dir, statics))) {
		say_problem("não foi possível copiar o programa para %s: %s\n"
			    "  Confira o espaço (df -h), ou ponha o Siso numa pasta que o usuário "
			    "%s alcance.",
			place, strerror(errno), owner->name);
		return false;
	}
	home->exe = exe;
	if (home->static_dir)
		home->static_dir = statics;
	return true;
}

/* Nobody's other things are mixed with ours, or ours with them. */
static bool folder_is_ours(const Home *home)
{
	const char *mark = arena_printf(home->mem, "%s/LEIA-ME.txt", home->data);

	if (access(mark, F_OK) == 0)
		return true;
	if (!folder_is_empty(home->data)) {
		say_problem("a pasta %s já tem outras coisas e não é de dados do Siso.\n"
			    "  Use uma pasta vazia ou que não exista: SISO_DATA=/caminho/novo "
			    "script/server",
			home->data);
		return false;
	}
	return true;
}

static bool find_owner(const Home *home, const struct stat *info, bool exists, Owner *ret)
{
	const struct passwd *user =
		exists && info->st_uid != 0 ? getpwuid(info->st_uid) : getpwnam(OWNER_NAME);

	if (!user) {
		say_problem("falta o usuário " OWNER_NAME ": o PostgreSQL não roda como root.\n"
			    "  Crie com script/bootstrap packages, ou: useradd --system "
			    "--user-group " OWNER_NAME);
		return false;
	}
	*ret = (Owner){ user->pw_uid, user->pw_gid, arena_dup(home->mem, user->pw_name) };
	return true;
}

static bool say_unreachable(const Home *home, const Owner *owner)
{
	say_problem("o usuário %s não alcança a pasta %s.\n"
		    "  Como root, o Siso roda como o dono dos dados, e alguma pasta no caminho é "
		    "fechada.\n"
		    "  Use outra: SISO_DATA=/var/lib/siso script/server",
		owner->name, home->data);
	return false;
}

/* A folder of the owner under /var/lib/siso, and home->data a link to it. */
static bool settle_elsewhere(Home *home, const Owner *owner)
{
	const char *hash = crypto_sha256_hex(home->mem, home->data, strlen(home->data));
	const char *place = arena_printf(home->mem, ELSEWHERE "/%.12s", hash);
	struct stat info;

	if (!folder_make(ELSEWHERE, 0755) || chmod(ELSEWHERE, 0755) != 0 ||
		!folder_make(place, 0700) || chown(place, owner->uid, owner->gid) != 0 ||
		(lstat(home->data, &info) == 0 && rmdir(home->data) != 0) ||
		symlink(place, home->data) != 0 || !may(owner, place, R_OK | W_OK | X_OK))
		return say_unreachable(home, owner);
	say("  Os dados ficam em %s (o usuário %s não alcança %s, que aponta para lá).", place,
		owner->name, home->data);
	home->data = place;
	return true;
}

static bool give_folder(Home *home, const Owner *owner, const struct stat *info, bool exists)
{
	if (exists && info->st_uid == owner->uid)
		return may(owner, home->data, R_OK | W_OK | X_OK) || say_unreachable(home, owner);
	if (exists && !folder_is_empty(home->data)) {
		say_problem("a pasta %s é do root, e o Siso roda como o usuário %s.\n"
			    "  Se ela é de dados do Siso: chown -R %s: %s\n"
			    "  Senão, use outra: SISO_DATA=/var/lib/siso script/server",
			home->data, owner->name, owner->name, home->data);
		return false;
	}
	if (!folder_make(home->data, 0755) || chown(home->data, owner->uid, owner->gid) != 0 ||
		chmod(home->data, 0700) != 0) {
		say_problem("não foi possível criar %s: %s\n"
			    "  Use outra pasta: SISO_DATA=/var/lib/siso script/server",
			home->data, strerror(errno));
		return false;
	}
	return may(owner, home->data, R_OK | W_OK | X_OK) || settle_elsewhere(home, owner);
}

static bool settle_as_root(Home *home)
{
	struct stat info = { 0 };
	bool exists = stat(home->data, &info) == 0;
	char real[PATH_MAX];
	Owner owner;

	/* A link made by settle_elsewhere leads to where the owner does reach. */
	if (realpath(home->data, real))
		home->data = arena_dup(home->mem, real);
	if (!find_owner(home, &info, exists, &owner) || !give_folder(home, &owner, &info, exists))
		return false;
	if (realpath(home->data, real))
		home->data = arena_dup(home->mem, real);
	if (!folder_is_ours(home) || !bring_program(home, &owner))
		return false;
	if (!become(&owner) || chdir("/") != 0) {
		say_problem("não foi possível virar o usuário %s: %s\n"
			    "  Rode como esse usuário: runuser -u %s -- script/server",
			owner.name, strerror(errno), owner.name);
		return false;
	}
	/* Stepping down forbids core dumps and hides /proc/self from ourselves; undo that. */
	prctl(PR_SET_DUMPABLE, 1);
	setenv("HOME", home->data, 1);
	setenv("USER", owner.name, 1);
	setenv("LOGNAME", owner.name, 1);
	return true;
}

static bool settle_as_user(Home *home)
{
	char real[PATH_MAX];
	struct stat info;

	if (!folder_make(home->data, 0700) || !realpath(home->data, real)) {
		say_problem("não foi possível criar %s: %s\n"
			    "  Use uma pasta sua: SISO_DATA=$HOME/siso script/server",
			home->data, strerror(errno));
		return false;
	}
	home->data = arena_dup(home->mem, real);
	if (stat(real, &info) != 0 || info.st_uid != geteuid()) {
		const struct passwd *user = getpwuid(info.st_uid);
		const char *name = user ? arena_dup(home->mem, user->pw_name) : "(desconhecido)";

		user = getpwuid(geteuid());
		say_problem("a pasta %s é do usuário %s, e você é %s.\n"
			    "  Rode como ele: sudo -u %s script/server\n"
			    "  Ou tome a pasta: sudo chown -R %s: %s\n"
			    "  Ou use outra: SISO_DATA=$HOME/siso script/server",
			real, name, user ? user->pw_name : "outro", name,
			user ? user->pw_name : "seu-usuário", real);
		return false;
	}
	if (access(real, R_OK | W_OK | X_OK) == 0)
		return folder_is_ours(home) && chmod(real, 0700) == 0;
	say_problem("não é possível gravar em %s: %s\n"
		    "  Use outra pasta: SISO_DATA=$HOME/siso script/server",
		real, strerror(errno));
	return false;
}

bool owner_settle(Home *home)
{
	return geteuid() == 0 ? settle_as_root(home) : settle_as_user(home);
}
