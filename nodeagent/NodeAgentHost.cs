using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Prometheus;
using Substrate.NodeAgent.Api;
using Substrate.NodeAgent.Simulation;
using Substrate.NodeAgent.Store;
using Substrate.State.Storage;
using Substrate.State.Telemetry;

namespace Substrate.NodeAgent;

/// <summary>Builds a node agent, to run as a process of its own or inside another one.</summary>
public static class NodeAgentHost
{
    /// <summary>Builds the host from defaults, environment (<c>SUBSTRATE_</c>), command line and <paramref name="settings"/>, later ones winning.</summary>
    /// <param name="args">Command line, <c>--Section:Key=value</c>.</param>
    /// <param name="settings">Values that override everything else.</param>
    /// <exception cref="OptionsValidationException">At start, when an option breaks a rule; each message names it.</exception>
    public static WebApplication Create(string[] args, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Configuration.AddEnvironmentVariables("SUBSTRATE_");
        builder.Configuration.AddCommandLine(args);
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        if (builder.Configuration["Host:Embedded"] == "true")
        {
            builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        }

        // One line per change in an actor's life is what a node says; what keeps it from starting is said by whoever started it.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

        var token = builder.Configuration["Substrate:Token"];
        builder.Services.AddOptions<NodeOptions>()
            .Bind(builder.Configuration.GetSection(NodeOptions.Section))
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<NodeOptions>, NodeOptionsValidator>();
        builder.Services.AddSingleton<IValidateOptions<NodeOptions>>(new NodeRules(token));
        builder.Services.AddOptions<StoreOptions>()
            .Bind(builder.Configuration.GetSection(StoreOptions.Section))
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<StoreOptions>, StoreOptionsValidator>();
        builder.Services.AddSingleton<IValidateOptions<StoreOptions>, StoreRules>();
        builder.Services.Configure<HostOptions>(static o => o.ShutdownTimeout = TimeSpan.FromMinutes(2));

        builder.Services.AddSubstrateTelemetry(builder.Configuration, "substrate-node-agent");
        builder.Services.AddSubstrateState(builder.Configuration);
        builder.Services.AddNode();
        if (builder.Configuration.GetValue<bool>("Node:Simulated"))
        {
            builder.Services.AddSimulation(builder.Configuration);
        }
        else
        {
            builder.Services.AddRuntime();
            builder.Services.AddNetworks();
        }

        builder.Services.AddSandboxes();
        builder.Services.AddSnapshots();
        builder.Services.AddActors();
        builder.Services.AddLoops();
        builder.Services.AddGrpc(static o => o.EnableDetailedErrors = false);
        builder.Services.AddHealthChecks();

        var options = builder.Configuration.GetSection(NodeOptions.Section).Get<NodeOptions>() ?? new NodeOptions();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            Listen(kestrel, options.Listen, HttpProtocols.Http2);
            Listen(kestrel, options.OpsListen, HttpProtocols.Http1);
        });

        var app = builder.Build();
        var opsPort = Uri.TryCreate(options.OpsListen, UriKind.Absolute, out var ops) ? ops.Port : -1;
        app.MapWhen(context => context.Connection.LocalPort == opsPort, static branch =>
        {
            branch.UseMetricServer("/metrics");
            branch.UseHealthChecks("/healthz");
            branch.UseHealthChecks("/readyz");
        });
        if (!string.IsNullOrEmpty(token))
        {
            app.UseMiddleware<TokenGate>(token);
        }

        app.MapGrpcService<NodeAgentService>();
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, string address, HttpProtocols protocols)
    {
        if (Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            var ip = uri.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(uri.DnsSafeHost);
            kestrel.Listen(ip, uri.Port, listen => listen.Protocols = protocols);
        }
    }

    // Whoever hosts the node starts and stops it; signals are not the node's business there.
    private sealed class EmbeddedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
