using System.Globalization;

namespace Substrate.Perf.Proxy;

/// <summary>Configurations of the servers that others wrote: one process, connections kept, no logs; everything else as they come.</summary>
internal static class ServerConfigs
{
    private const string NginxHead = """
        daemon off;
        master_process off;
        events { worker_connections 4096; }
        """;

    public static string Backend(string work, int port) => string.Create(CultureInfo.InvariantCulture, $$"""
        {{NginxHead}}
        pid {{work}}/backend.pid;
        http {
          access_log off;
          keepalive_requests 100000000;
          client_body_temp_path {{work}}; proxy_temp_path {{work}};
          open_file_cache max=10;
          sendfile on;
          server {
            listen 127.0.0.1:{{port}} backlog=4096;
            location = /small { default_type text/plain; return 200 "{{new string('x', ProxyCase.SmallBytes)}}"; }
            location = /large { root {{work}}; }
          }
        }
        """);

    public static string Nginx(string work, int http1, int http2, int backend) => string.Create(CultureInfo.InvariantCulture, $$"""
        {{NginxHead}}
        pid {{work}}/nginx.pid;
        http {
          access_log off;
          keepalive_requests 100000000;
          client_body_temp_path {{work}}; proxy_temp_path {{work}};
          upstream backend { server 127.0.0.1:{{backend}}; keepalive 512; keepalive_requests 100000000; }
          server {
            listen 127.0.0.1:{{http1}} backlog=4096;
            listen 127.0.0.1:{{http2}} http2 backlog=4096;
            location / {
              proxy_pass http://backend;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_set_header Host $host;
              proxy_set_header X-Forwarded-For $remote_addr;
              proxy_buffers 16 8k;
            }
          }
        }
        """);

    public static string HaProxy(int http1, int http2, int backend) => string.Create(CultureInfo.InvariantCulture, $"""
        global
          nbthread 1
          maxconn 4000
        defaults
          mode http
          timeout connect 5s
          timeout client 60s
          timeout server 60s
          option forwardfor
          http-reuse always
        frontend in
          bind 127.0.0.1:{http1}
          bind 127.0.0.1:{http2} proto h2
          default_backend out
        backend out
          server actor 127.0.0.1:{backend}

        """);
}
