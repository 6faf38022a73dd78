using System.Net;
using Substrate.Demos.Counter;

// The empty builder brings neither configuration files, file watchers nor logging: an idle actor has next to nothing to do.
var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Listen(IPAddress.Any, 8080);
});

await using var app = builder.Build();
using var tally = new Tally("/var/lib/counter/count");
app.Run(new Answer(tally, new Identity("/run/ate"), TimeProvider.System.GetUtcNow()).HandleAsync);
await app.RunAsync();
