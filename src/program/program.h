/* program: `siso up`, one supervisor that owns everything in one folder: a private PostgreSQL,
 * Redis and nginx, the web program and the worker; and `siso check`, which tells what is
 * misconfigured.
 *
 * Environment that the supervisor reads:
 *   SISO_DATA           the folder (./data)
 *   PORT, SISO_BIND     where nginx listens (8080, 127.0.0.1; "*" is every address)
 *   SISO_ENV            "development" (default) or "production"
 *   SISO_DEMO           "no": no demonstration companies
 *   SISO_STATIC         folder of the hashed static files (default: found beside the program)
 *   DATABASE_URL        use this PostgreSQL (role siso_app) instead of a private one; then also
 *   DATABASE_OWNER_URL    (role siso_owner), to migrate, and
 *   DATABASE_QUEUE_URL    (role siso_queue), for the worker
 *   REDIS_URL           use this Redis (redis://… or a socket's path) instead of a private one;
 * "none": no Redis
 *
 * Environment that its children (`siso serve`, `siso work`, `siso migrate`, `siso demo`) find: all
 * of the above, absolute and filled in, and SISO_SECRET_FILE    file with the installation's
 * secret, 64 hexadecimal digits SISO_PUBLIC_PORT    the port, for links in messages; absent behind
 * the standard ports SISO_LISTEN_FD      listening SCGI socket of the pages (serve) SISO_EVENTS_FD
 * listening SCGI socket of the event stream (serve) SISO_READY_FD       write one byte and close
 * when requests are being taken (serve, work) Children stop on SIGTERM: serve finishes what it has
 * accepted, work the jobs it has begun. */
#ifndef PROGRAM_PROGRAM_H
#define PROGRAM_PROGRAM_H

#include "core/base.h"

/* `siso up`: runs until SIGINT or SIGTERM, then stops everything in order. SIGHUP: migrate, start a
 * new web program on the same sockets, then let the old one finish; no request is lost. Exit
 * status: 0 stopped as asked, 1 could not start (the reason and the way out were printed), 2 wrong
 * usage. */
int program_up(int argc, char **argv);

/* `siso migrate`: with DATABASE_ADMIN_URL (a superuser) makes or mends roles and database first;
 * then runs the migrations that have not run yet on DATABASE_OWNER_URL. Exit status 0, 1 failed, 2
 * usage. */
int program_migrate(int argc, char **argv);

/* `siso backup FOLDER`: a copy of the database (DATABASE_BACKUP_URL, role siso_backup; default:
 * that of SISO_DATA) and of the stored files in a new folder there, while clinics work on. Exit
 * status 0, 1 failed and nothing left, 2 usage. */
int program_backup(int argc, char **argv);

/* `siso check`: one line a finding, the way out under it; exit status 1 when something must be
 * mended. */
int program_check(int argc, char **argv);

#endif
