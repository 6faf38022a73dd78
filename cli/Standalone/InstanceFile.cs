using System.Text.Json;
using System.Text.Json.Serialization;

namespace Substrate.Cli.Standalone;

/// <summary>What a running instance says of itself, for <c>down</c> and <c>status</c>.</summary>
/// <param name="Pid">Its process.</param>
/// <param name="Port">Port of the ingress, from which the others follow.</param>
/// <param name="StorePort">Port of the embedded store.</param>
/// <param name="Ready">True once everything is up and the demo's template can be used.</param>
/// <param name="StartedAt">When it was started.</param>
internal sealed record InstanceFile(int Pid, int Port, int StorePort, bool Ready, DateTimeOffset StartedAt)
{
    /// <summary>Null when there is none, or none that can be read.</summary>
    public static InstanceFile? Read(string directory)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(PathIn(directory)), InstanceJson.Default.InstanceFile);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Replaces the file in one step: a reader sees the old one or the new one.</summary>
    public void Write(string directory)
    {
        var fresh = PathIn(directory) + ".new";
        File.WriteAllText(fresh, JsonSerializer.Serialize(this, InstanceJson.Default.InstanceFile));
        File.Move(fresh, PathIn(directory), overwrite: true);
    }

    public static void Remove(string directory) => File.Delete(PathIn(directory));

    private static string PathIn(string directory) => Path.Combine(directory, "instance.json");
}

/// <summary>Generated serialisation of <see cref="InstanceFile"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(InstanceFile))]
internal sealed partial class InstanceJson : JsonSerializerContext;
