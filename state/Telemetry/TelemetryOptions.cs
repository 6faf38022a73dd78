using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Substrate.State.Telemetry;

/// <summary>How spans travel to the collector.</summary>
public enum TelemetryProtocol
{
    /// <summary>OTLP over gRPC, usually port 4317.</summary>
    Grpc,

    /// <summary>OTLP as protobuf over HTTP, usually port 4318; the path <c>/v1/traces</c> is added.</summary>
    HttpProtobuf,
}

/// <summary>Section <c>Telemetry</c>: where spans go. Without an endpoint none are made.</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Telemetry";

    // What OpenTelemetry's own SDKs read; a sidecar or operator may have set them for every process of a pod.
    private static readonly string[] Standard = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

    /// <summary>OTLP collector, for instance <c>http://127.0.0.1:4317</c>. Default: none, unless <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>How to talk to it. Default <see cref="TelemetryProtocol.Grpc"/>.</summary>
    public TelemetryProtocol Protocol { get; set; }

    /// <summary>Share of the traces begun here that are recorded, 0 to 1; a caller's decision goes first. Default 1.</summary>
    public double SampleRatio { get; set; } = 1;

    /// <summary>True when the standard environment variables name the collector, and the exporter reads them itself.</summary>
    public bool FromEnvironment => Endpoint.Length == 0 && Array.Exists(Standard, static name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });

    /// <summary>True when spans are wanted.</summary>
    public bool Enabled => Endpoint.Length > 0 || FromEnvironment;

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="OptionsValidationException">A value breaks a rule; the message names it.</exception>
    public static TelemetryOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var options = new TelemetryOptions { Endpoint = section["Endpoint"] ?? "" };
        var problems = new List<string>();
        if (options.Endpoint.Length > 0 && !(Uri.TryCreate(options.Endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            problems.Add($"Telemetry:Endpoint: '{options.Endpoint}' must be an address such as http://127.0.0.1:4317, or empty");
        }

        if (section["Protocol"] is { Length: > 0 } protocol)
        {
            if (Enum.TryParse<TelemetryProtocol>(protocol, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed))
            {
                options.Protocol = parsed;
            }
            else
            {
                problems.Add($"Telemetry:Protocol: '{protocol}' must be one of Grpc, HttpProtobuf");
            }
        }

        if (section["SampleRatio"] is { Length: > 0 } ratio)
        {
            if (double.TryParse(ratio, System.Globalization.CultureInfo.InvariantCulture, out var parsed) && parsed is >= 0 and <= 1)
            {
                options.SampleRatio = parsed;
            }
            else
            {
                problems.Add($"Telemetry:SampleRatio: '{ratio}' must be a number from 0 to 1");
            }
        }

        return problems.Count == 0 ? options : throw new OptionsValidationException(Section, typeof(TelemetryOptions), problems);
    }
}
