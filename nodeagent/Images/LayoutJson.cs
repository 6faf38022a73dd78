using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Substrate.NodeAgent.Images;

/// <summary>Reference to a blob of a layout.</summary>
internal sealed record Descriptor
{
    public string MediaType { get; init; } = "";

    public string Digest { get; init; } = "";

    public long Size { get; init; }

    public Platform? Platform { get; init; }

    public ImmutableDictionary<string, string>? Annotations { get; init; }

    /// <summary>The tag it carries in a layout's index.</summary>
    [JsonIgnore]
    public string? Tag => Annotations?.GetValueOrDefault("org.opencontainers.image.ref.name");
}

/// <summary>What a manifest of an index was built for.</summary>
internal sealed record Platform
{
    public string Architecture { get; init; } = "";

    [JsonPropertyName("os")]
    public string OperatingSystem { get; init; } = "";

    public override string ToString() => $"{OperatingSystem}/{Architecture}";
}

/// <summary>An index or a manifest; which of the two it is shows in what it has.</summary>
internal sealed record LayoutDocument
{
    public string? MediaType { get; init; }

    /// <summary>Set in an index.</summary>
    public ImmutableArray<Descriptor>? Manifests { get; init; }

    /// <summary>Set in a manifest.</summary>
    public Descriptor? Config { get; init; }

    /// <summary>Set in a manifest.</summary>
    public ImmutableArray<Descriptor>? Layers { get; init; }
}

/// <summary>The configuration blob of an image.</summary>
internal sealed record ConfigDocument
{
    public string Architecture { get; init; } = "";

    [JsonPropertyName("os")]
    public string OperatingSystem { get; init; } = "";

    public ProcessDocument? Config { get; init; }
}

/// <summary>The part of the configuration about the process; its names are capitalised in the format.</summary>
internal sealed record ProcessDocument
{
    [JsonPropertyName("User")]
    public string? User { get; init; }

    [JsonPropertyName("Env")]
    public ImmutableArray<string>? Env { get; init; }

    [JsonPropertyName("Entrypoint")]
    public ImmutableArray<string>? Entrypoint { get; init; }

    [JsonPropertyName("Cmd")]
    public ImmutableArray<string>? Cmd { get; init; }

    [JsonPropertyName("WorkingDir")]
    public string? WorkingDir { get; init; }

    /// <summary>Keys are <c>PORT</c> or <c>PORT/PROTOCOL</c>; the values are empty.</summary>
    [JsonPropertyName("ExposedPorts")]
    public ImmutableDictionary<string, JsonElement>? ExposedPorts { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LayoutDocument))]
[JsonSerializable(typeof(ConfigDocument))]
internal sealed partial class LayoutJson : JsonSerializerContext;
