using Microsoft.Extensions.Logging.Console;
using Substrate.NodeAgents;
using Substrate.Scheduler.Actuation;
using Substrate.Scheduler.Api;
using Substrate.Scheduler.Census;
using Substrate.Scheduler.Goldens;
using Substrate.Scheduler.Idleness;
using Substrate.Scheduler.Leadership;
using Substrate.Scheduler.Liveness;
using Substrate.Scheduler.Operations;
using Substrate.Scheduler.Planning;
using Substrate.Scheduler.Pressure;
using Substrate.Scheduler.Quotas;
using Substrate.Scheduler.Repair;
using Substrate.Scheduler.Templates;
using Substrate.Scheduler.Timers;
using Substrate.State.Storage;
using Substrate.State.Telemetry;

namespace Substrate.Scheduler;

/// <summary>The scheduler as a web application: background loops that run while it leads, and the admin API.</summary>
public static class SchedulerHost
{
    /// <summary>Builds the application; it listens once it is started.</summary>
    /// <param name="args">Command line, for instance <c>--Scheduler:Listen https://127.0.0.1:8443</c>.</param>
    /// <param name="settings">Configuration that goes before command line and environment (<c>SUBSTRATE_…</c>).</param>
    public static WebApplication Create(string[] args, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Substrate.Scheduler" });
        builder.Configuration
            .AddEnvironmentVariables("SUBSTRATE_")
            .AddCommandLine([.. args.Select(static a => a == "--dry-run" ? "--Scheduler:DryRun=true" : a)])
            .AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.Logging
            .AddConfiguration(builder.Configuration.GetSection("Logging"))
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter("Grpc", LogLevel.Warning)

            // A start that fails is reported once, by whoever started this.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical)
            .AddSimpleConsole(static o => (o.SingleLine, o.TimestampFormat, o.ColorBehavior) = (true, "HH:mm:ss.fff ", LoggerColorBehavior.Disabled));

        builder.Services
            .AddSchedulerOptions(builder.Configuration)
            .AddSubstrateTelemetry(builder.Configuration, "substrate-scheduler")
            .AddSubstrateState(builder.Configuration)
            .AddNodeAgentClients(builder.Configuration)
            .AddCensus()
            .AddActuation()
            .AddLiveness()
            .AddPlanning()
            .AddPressure()
            .AddIdleness()
            .AddRepair()
            .AddGoldens()
            .AddTemplates()
            .AddTimers()
            .AddQuotas()
            .AddLeadership()
            .AddApi()
            .AddOperations();
        builder.AddListeners();
        if (builder.Configuration.GetValue<bool>("Host:Embedded"))
        {
            // The process that hosts this one handles the signals.
            builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        }

        var app = builder.Build();
        app.UseOperations();
        app.UseRouting();
        app.MapApi();
        return app;
    }

    private sealed class EmbeddedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
