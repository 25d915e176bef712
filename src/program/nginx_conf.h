/* nginx_conf: the text of nginx.conf. One page, made from a template whose @names@ are filled in.
 */
#ifndef PROGRAM_NGINX_CONF_H
#define PROGRAM_NGINX_CONF_H

#include "core/arena.h"

/* Debian's package libnginx-mod-http-brotli-static. */
#define NGINX_BROTLI "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so"

typedef struct NginxConf {
	const char *data;       /* the folder; sockets in data/run */
	const char *static_dir; /* NULL: /static/ is 404 */
	const char *bind;       /* "127.0.0.1", "*" … */
	int port;
	int workers;
	int files; /* open files a worker may have */
	bool brotli;
	bool ipv6; /* listen on the loopback's or everybody's IPv6 address as well */
} NginxConf;

const char *nginx_conf_text(Arena *mem, const NginxConf *conf);
/* What nginx shows while the program does not answer. */
extern const char nginx_busy_html[], nginx_busy_json[];
/* A body that is too large; too many requests. */
extern const char nginx_large_html[], nginx_large_json[], nginx_many_html[], nginx_many_json[];

#endif
