using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Substrate.State.Telemetry;

/// <summary>
/// Spans to an OpenTelemetry collector. W3C trace context comes in with requests and goes out with calls; the frameworks carry it
/// as soon as anybody listens. Without an endpoint nothing is registered and nothing listens.
/// </summary>
public static class TelemetryServices
{
    /// <summary>Exports this process's spans while it runs. A role inside another process (<c>Host:Embedded</c>) leaves that to it, see <see cref="Start"/>.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="configuration">Has section <c>Telemetry</c>.</param>
    /// <param name="service">Name of the process in traces, for instance <c>substrate-proxy</c>.</param>
    public static IServiceCollection AddSubstrateTelemetry(this IServiceCollection services, IConfiguration configuration, string service)
    {
        var options = TelemetryOptions.Read(configuration);
        services.AddSingleton(options);
        if (options.Enabled && !configuration.GetValue<bool>("Host:Embedded"))
        {
            services.AddOpenTelemetry().WithTracing(tracing => Configure(tracing, options, service));
        }

        return services;
    }

    /// <summary>Exports the spans of a process that hosts several roles, until disposed; null when no endpoint is configured.</summary>
    public static IDisposable? Start(IConfiguration configuration, string service)
    {
        var options = TelemetryOptions.Read(configuration);
        return options.Enabled ? Configure(Sdk.CreateTracerProviderBuilder(), options, service).Build() : null;
    }

    private static TracerProviderBuilder Configure(TracerProviderBuilder tracing, TelemetryOptions options, string service) => tracing
        .SetResourceBuilder(ResourceBuilder.CreateDefault().AddService(service, serviceNamespace: "substrate"))
        .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.SampleRatio)))
        .AddSource(Tracing.AllSources)
        .AddSource("System.Net.Http")
        .AddAspNetCoreInstrumentation(static server => server.Filter = Wanted)
        .AddOtlpExporter(exporter => Configure(exporter, options));

    private static void Configure(OtlpExporterOptions exporter, TelemetryOptions options)
    {
        if (options.FromEnvironment)
        {
            return;
        }

        var http = options.Protocol == TelemetryProtocol.HttpProtobuf;
        exporter.Protocol = http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = new Uri(http ? $"{options.Endpoint.TrimEnd('/')}/v1/traces" : options.Endpoint);
    }

    // Probes and scrapes come every few seconds and tell nothing.
    private static bool Wanted(HttpContext context) => context.Request.Path.Value is not ("/metrics" or "/healthz" or "/readyz");
}
