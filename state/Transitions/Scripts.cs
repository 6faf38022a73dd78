using System.Collections.Concurrent;

namespace Substrate.State.Transitions;

/// <summary>The scripts that ship inside this assembly, by file name.</summary>
internal static class Scripts
{
    private static readonly ConcurrentDictionary<string, string> Loaded = new(StringComparer.Ordinal);

    /// <summary>A transition of an actor record: the prelude followed by <c>NAME.lua</c>.</summary>
    public static string Transition(string name) => Loaded.GetOrAdd(name, static n => Read("_prelude") + Read(n));

    /// <summary>A script of its own, <c>_NAME.lua</c>.</summary>
    public static string Standalone(string name) => Loaded.GetOrAdd(name, Read);

    private static string Read(string name)
    {
        using var stream = typeof(Scripts).Assembly.GetManifestResourceStream($"{name}.lua")
            ?? throw new InvalidOperationException($"The script {name}.lua is not part of this assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
