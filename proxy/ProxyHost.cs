using Microsoft.Extensions.Options;
using Substrate.NodeAgents;
using Substrate.Proxy.Configuration;
using Substrate.Proxy.Forwarding;
using Substrate.Proxy.Framing;
using Substrate.Proxy.Listening;
using Substrate.Proxy.Operation;
using Substrate.State.Storage;
using Substrate.State.Telemetry;

namespace Substrate.Proxy;

/// <summary>The proxy as a host, for a process of its own or inside another one.</summary>
public static class ProxyHost
{
    /// <summary>Builds a proxy that is not started yet. One whose start fails is to be stopped all the same, so that what started ends in order.</summary>
    /// <param name="args">Command line, for instance <c>--Proxy:Listen=http://*:8000</c>.</param>
    /// <param name="settings">Configuration above all others. <c>Host:Embedded</c> = <c>true</c> leaves signals to the process around it.</param>
    /// <exception cref="OptionsValidationException">An option breaks a rule; the message names it.</exception>
    public static WebApplication Create(string[] args, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Substrate.Proxy" });
        ConfigurationFile.Add(builder.Configuration, args);
        builder.Configuration.AddEnvironmentVariables("SUBSTRATE_").AddCommandLine(args).AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        RequestFraming.StrictLines();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        if (Listeners.HasQuic)
        {
            builder.WebHost.UseQuic();
        }

        AddLogging(builder.Logging, builder.Configuration);

        builder.Services.AddProxyOptions(builder.Configuration);
        builder.Services.AddSubstrateTelemetry(builder.Configuration, "substrate-proxy");
        builder.Services.AddSubstrateState(builder.Configuration);
        builder.Services.AddNodeAgentClients(builder.Configuration);
        builder.Services.AddListeners();
        builder.Services.AddOps();
        builder.Services.AddRoutes();
        builder.Services.AddRouting();
        builder.Services.AddActivation();
        builder.Services.AddForwarding();
        if (builder.Configuration.GetValue<bool>("Host:Embedded"))
        {
            builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        }
        else
        {
            builder.Services.AddHostedService<ReloadSignal>();
        }

        var app = builder.Build();
        var ingress = app.Services.GetRequiredService<Ingress>();
        var ops = app.Services.GetRequiredService<OpsEndpoints>();
        app.Run(context => context.Features.Get<ClientConnection>() is { IsOperations: true } ? ops.InvokeAsync(context) : ingress.InvokeAsync(context));
        app.Lifetime.ApplicationStarted.Register(static state => Announce((IServiceProvider)state!), app.Services);
        return app;
    }

    private static void AddLogging(ILoggingBuilder logging, ConfigurationManager configuration)
    {
        logging.AddConfiguration(configuration.GetSection("Logging"));
        logging.AddSimpleConsole(static console => console.SingleLine = true);
        logging.AddFilter("Microsoft", LogLevel.Warning);

        // An enabled category here makes every request carry an Activity; errors of the application reach Kestrel's own log.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);

        // Failures of forwarding are logged by the ingress, with the actor's name.
        logging.AddFilter("Yarp", LogLevel.None);

        // What keeps the process from starting is said once, by whoever starts it.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", static level => level == LogLevel.Error);
    }

    private static void Announce(IServiceProvider services)
    {
        var options = services.GetRequiredService<LiveOptions>().Value;
        var logger = services.GetRequiredService<ILogger<Ingress>>();
        Log.Serving(logger, options.Listen, string.Join(", ", options.SuffixesInUse));
        if (ListenAddress.AnyTls(options.Listen) && !Listeners.HasQuic)
        {
            Log.NoHttp3(logger);
        }
    }

    // The process around the host decides when it stops.
    private sealed class EmbeddedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
