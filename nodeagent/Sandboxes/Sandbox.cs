using System.Globalization;
using System.Text.Json;
using Substrate.NodeAgent.Networks;
using Substrate.NodeAgent.Runtime;
using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.Sandboxes;

/// <summary>One sandbox, pre-created for a template and used by at most one activation.</summary>
/// <param name="id">Id with the runtime.</param>
/// <param name="directory">Its bundle, identity and pid.</param>
/// <param name="output">File that the process's output is appended to.</param>
/// <param name="berth">Where it is.</param>
/// <param name="template">What it was created for.</param>
/// <param name="port">The port that reaches it, its own for ever.</param>
/// <param name="further">Further ports of the actor, and those that stand for them, its own for ever too.</param>
/// <param name="endpoint"><c>host:port</c> for callers, and the further ports.</param>
internal sealed class Sandbox(
    string id, string directory, string output, Berth berth, TemplateRecord template, int port, IReadOnlyList<FurtherPort> further, string endpoint)
{
    public string Id => id;

    public string Directory => directory;

    public string Output => output;

    public Berth Berth => berth;

    public TemplateRecord Template => template;

    public int Port => port;

    /// <summary>All ports that reach it.</summary>
    public IEnumerable<int> Ports => further.Select(static f => f.Outer).Prepend(port);

    public int ActorPort => template.Spec.Container.Port;

    public string Endpoint => endpoint;

    public string IdentityDirectory => Path.Combine(directory, "identity");

    public string PidFile => Path.Combine(directory, "pid");

    public string OwnerFile => Path.Combine(directory, "owner.json");

    /// <summary>The sandbox process; null until created.</summary>
    public ISandboxProcess? Process { get; private set; }

    /// <summary>Its number; 0 until created.</summary>
    public int Pid => Process?.Pid ?? 0;

    /// <summary>True while the sandbox process exists and has not ended.</summary>
    public bool Alive => Process is { Ended.IsCompleted: false };

    private int _retired;

    /// <summary>True for the one caller that takes the sandbox apart.</summary>
    public bool TryRetire() => Interlocked.Exchange(ref _retired, 1) == 0;

    /// <summary>Ends the sandbox process at once, even a frozen one: it does not run one instruction more.</summary>
    public void Kill() => Process?.Kill();

    /// <summary>Takes note of its process, which runs from now on.</summary>
    public void Started(ISandboxProcess process) => Process = process;

    /// <summary>Writes who the actor is, where it looks for it, and who owns the sandbox, for an agent that starts after this one died.</summary>
    public void Assign(SandboxOwner owner)
    {
        // Whole or not there: an agent that starts after this one died reads it.
        File.WriteAllText(OwnerFile + ".new", JsonSerializer.Serialize(owner));
        File.Move(OwnerFile + ".new", OwnerFile, overwrite: true);
        File.WriteAllText(Path.Combine(IdentityDirectory, "actor-id"), owner.Name + "\n");
        File.WriteAllText(Path.Combine(IdentityDirectory, "atespace"), owner.Atespace + "\n");
        File.WriteAllText(Path.Combine(IdentityDirectory, "epoch"), owner.Epoch.ToString(CultureInfo.InvariantCulture) + "\n");
        File.WriteAllText(Path.Combine(IdentityDirectory, "template"), template.Key + "\n");
    }

    /// <summary>The last line of what the process wrote, short and printable: it is shown to people who did not write it.</summary>
    public string LastWords()
    {
        var line = LastOutput(1000).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
        return string.Concat(line.Where(static c => !char.IsControl(c)).Take(200));
    }

    /// <summary>The end of what the process wrote, for the template's own author.</summary>
    public string LastOutput(int most = 2000)
    {
        try
        {
            using var file = new FileStream(output, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(Math.Max(0, file.Length - most), SeekOrigin.Begin);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd().Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }
}

/// <summary>Which activation a sandbox belongs to.</summary>
/// <param name="Atespace">The actor's atespace.</param>
/// <param name="Name">The actor's name.</param>
/// <param name="Epoch">The activation.</param>
/// <param name="Endpoint">Where it serves: an activation that was tried twice has two sandboxes, and one of them was published.</param>
internal sealed record SandboxOwner(string Atespace, string Name, long Epoch, string Endpoint)
{
    public ActorKey Key => new(Atespace, Name);
}
