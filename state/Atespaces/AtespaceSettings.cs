using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Substrate.State.Templates;

namespace Substrate.State.Atespaces;

/// <summary>What is set for a tenant besides its name. All of it may change at any time.</summary>
public sealed record AtespaceSettings
{
    public static readonly AtespaceSettings None = new();

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Most actors that may exist; 0 for no limit.</summary>
    public long MaxActors { get; init; }

    /// <summary>Most actors that may be live at once; 0 for no limit.</summary>
    public long MaxRunning { get; init; }

    /// <summary>Most bytes of memory that live actors may count for together, by their templates' limits; 0 for no limit.</summary>
    public long MaxMemoryBytes { get; init; }

    /// <summary>Idle policy of actors whose template states none; null for the defaults.</summary>
    public IdlePolicy? Idle { get; init; }

    /// <summary>Template of actors that a request for an unknown name creates; null when none is created.</summary>
    public TemplateKey? AutoCreate { get; init; }

    /// <summary>True when other processes must know of it before they ask.</summary>
    [JsonIgnore]
    public bool MatterEverywhere => MaxRunning > 0 || MaxMemoryBytes > 0 || Idle is not null || AutoCreate is not null;
}

/// <summary>An atespace with its settings.</summary>
public sealed record AtespaceRecord(string Name, AtespaceSettings Settings, long Version);
