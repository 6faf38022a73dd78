using System.Globalization;
using System.Text.Json;
using Substrate.NodeAgent.Networks;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.Sandboxes;

/// <summary>What an agent that starts after this one was killed must know to take a sandbox over; a file in the sandbox's directory.</summary>
/// <param name="Berth">Number of its berth.</param>
/// <param name="Address">Address of its slot: another plan of addresses cannot take it over.</param>
/// <param name="Port">Its port.</param>
/// <param name="Further">Further ports of the actor, and those that stand for them.</param>
/// <param name="Endpoint">Where callers reach it.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Started">When that process started, in the kernel's ticks since the machine did: pids are used again.</param>
/// <param name="Template">What it was created for.</param>
internal sealed record SandboxFacts(int Berth, string Address, int Port, FurtherPort[] Further, string Endpoint, int Pid, long Started, TemplateRecord Template)
{
    /// <summary>True while the process that it speaks of is there.</summary>
    public bool Lives => Started != 0 && StartOf(Pid) == Started;

    /// <summary>What is kept in a sandbox's directory; null when there is nothing whole.</summary>
    public static T? Read<T>(string directory, string file)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(Path.Combine(directory, file)));
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>When a process started, in the kernel's ticks since the machine did; 0 when there is none of that number.</summary>
    public static long StartOf(int pid)
    {
        try
        {
            // The name in parentheses may hold anything; behind it the state is the third field and the time of start the 22nd.
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            return long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Writes it, whole or not at all.</summary>
    public void Write(string file)
    {
        File.WriteAllText(file + ".new", JsonSerializer.Serialize(this));
        File.Move(file + ".new", file, overwrite: true);
    }
}
