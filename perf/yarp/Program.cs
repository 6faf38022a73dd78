using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Yarp.ReverseProxy.Forwarder;

// YARP's forwarder and nothing else: what the proxy is compared with. Arguments: port of HTTP/1.1, port of HTTP/2, destination.
var (http1, http2, destination) = (int.Parse(args[0]), int.Parse(args[1]), args[2]);
var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Listen(IPAddress.Loopback, http1, static listen => listen.Protocols = HttpProtocols.Http1);
    kestrel.Listen(IPAddress.Loopback, http2, static listen => listen.Protocols = HttpProtocols.Http2);
});
builder.Services.AddHttpForwarder();
await using var app = builder.Build();
var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
using var client = new HttpMessageInvoker(new SocketsHttpHandler
{
    UseProxy = false,
    UseCookies = false,
    AllowAutoRedirect = false,
    AutomaticDecompression = DecompressionMethods.None,
    ActivityHeadersPropagator = null,
});
var config = new ForwarderRequestConfig { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
app.Run(async context => await forwarder.SendAsync(context, destination, client, config, HttpTransformer.Default));
await app.RunAsync();
