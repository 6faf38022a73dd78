using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Cgroups;
using Substrate.NodeAgent.Images;
using Substrate.NodeAgent.Networks;
using Substrate.NodeAgent.Runtime;
using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.Sandboxes;

/// <summary>Makes berths and sandboxes, and takes them apart again.</summary>
internal sealed class SandboxFactory(
    IOptions<NodeOptions> options, NodePaths paths, ISandboxRuntime runtime, IImageSource images, ICgroups cgroups, PortRing ports, ISlotNetworks networks)
{
    private readonly NodeOptions _options = options.Value;

    /// <summary>How many berths the node's network has room for.</summary>
    public int MostBerths => networks.Count;

    /// <summary>What the names of this node's network namespaces start with.</summary>
    public static string NamespacePrefix(string node) => $"substrate-{node}-";

    /// <summary>What the names of this node's network links start with; the kernel allows 15 characters in all.</summary>
    public static string LinkPrefix(string node) => string.Create(CultureInfo.InvariantCulture, $"su{NetworkPlan.Hash(node) & 0xffffff:x6}.");

    /// <summary>Name of this node's table of mapped ports.</summary>
    public static string TableName(string node) => string.Create(CultureInfo.InvariantCulture, $"substrate_{NetworkPlan.Hash(node):x8}");

    /// <summary>Makes the network of berth <paramref name="index"/>.</summary>
    public async Task<Berth> CreateBerthAsync(int index, CancellationToken cancellationToken)
    {
        var network = networks.At(index);
        try
        {
            await network.CreateAsync(cancellationToken);
            return new Berth(index, network, network.OpenFlows());
        }
        catch
        {
            await network.DestroyAsync(CancellationToken.None);
            throw;
        }
    }

    public static async Task DestroyBerthAsync(Berth berth, CancellationToken cancellationToken)
    {
        berth.Flows.Dispose();
        await berth.Network.DestroyAsync(cancellationToken);
    }

    /// <summary>Creates a sandbox that waits to be started or restored.</summary>
    /// <exception cref="ImageException">The image cannot be used.</exception>
    /// <exception cref="RunscException">The runtime refused.</exception>
    public async Task<Sandbox> CreateAsync(Berth berth, TemplateRecord template, CancellationToken cancellationToken)
    {
        var image = await images.PrepareAsync(
            template.Spec.Container.Image, template.ImageDigest.Length > 0 ? template.ImageDigest : null, cancellationToken);
        var named = template.Spec.Container.Port > 0;
        template = ImagePorts.Settle(template, image.Config);
        var id = "s" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        var directory = Path.Combine(paths.Sandboxes, id);
        var port = ports.Next();
        var further = template.Spec.Container.Ports.Select(inner => new FurtherPort(inner, ports.Next())).ToArray();
        var host = _options.Advertise.Length > 0 ? _options.Advertise : berth.Network.Address;

        // Which port is the main one the template tells; where it leaves that to the image, the endpoint has to.
        (int, int)[] main = named ? [] : [(template.Spec.Container.Port, port)];
        var sandbox = new Sandbox(
            id,
            directory,
            Path.Combine(paths.Output, id + ".log"),
            berth,
            template,
            port,
            further,
            Endpoints.Write(host, port, [.. main, .. further.Select(static f => (f.Inner, f.Outer))]));
        try
        {
            Directory.CreateDirectory(sandbox.IdentityDirectory);
            await berth.Network.PrepareAsync(port, sandbox.ActorPort, further, cancellationToken);
            await runtime.CreateAsync(
                new SandboxOrder(
                    id, directory, template.Spec, image, sandbox.IdentityDirectory, paths.ResolvConf, berth.Network.SandboxNamespace,
                    cgroups.PathOf(id), sandbox.PidFile, sandbox.Output),
                cancellationToken);
            sandbox.Started(runtime.Watch(int.Parse(await File.ReadAllTextAsync(sandbox.PidFile, cancellationToken), CultureInfo.InvariantCulture)));
            new SandboxFacts(berth.Index, berth.Network.Address, port, further, sandbox.Endpoint, sandbox.Pid, SandboxFacts.StartOf(sandbox.Pid), template)
                .Write(sandbox.FactsFile);
            foreach (var mapped in sandbox.Ports)
            {
                await networks.MapAsync(mapped, berth.Network.Address, cancellationToken);
            }

            return sandbox;
        }
        catch
        {
            await RemoveAsync(id, CancellationToken.None);
            throw;
        }
    }

    /// <summary>The berth that a sandbox of an earlier run is in, if its network is whole and that sandbox's process is in it; null otherwise.</summary>
    public async Task<Berth?> AdoptBerthAsync(SandboxFacts facts, CancellationToken cancellationToken)
    {
        var network = networks.At(facts.Berth);
        return network.Address == facts.Address && await network.TakeOverAsync(facts.Pid, facts.Further, cancellationToken)
            ? new Berth(facts.Berth, network, network.OpenFlows())
            : null;
    }

    /// <summary>Takes a sandbox of an earlier run over as it is.</summary>
    public Sandbox Adopt(string id, Berth berth, SandboxFacts facts)
    {
        var sandbox = new Sandbox(
            id, Path.Combine(paths.Sandboxes, id), Path.Combine(paths.Output, id + ".log"), berth, facts.Template, facts.Port, facts.Further,
            facts.Endpoint);
        sandbox.Started(runtime.Watch(facts.Pid));
        return sandbox;
    }

    /// <summary>Lets a sandbox that waits for its activation do ahead of time what a restore can.</summary>
    public void Arm(Sandbox sandbox)
    {
        if (_options.Armed)
        {
            runtime.Arm(sandbox.Id);
        }
    }

    /// <summary>Ends a used sandbox; its port refuses from now on, and the berth stays.</summary>
    public async Task RetireAsync(Sandbox sandbox)
    {
        // Before it is thawed: what is over must not run one instruction more, whether the runtime's command answers or not.
        sandbox.Kill();
        await RemoveAsync(sandbox.Id, CancellationToken.None);
        foreach (var mapped in sandbox.Ports)
        {
            await networks.UnmapAsync(mapped, CancellationToken.None);
        }
    }

    /// <summary>Ends a sandbox and removes all that is kept of it.</summary>
    public async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        // A frozen process does not even end.
        cgroups.Freeze(id, frozen: false);
        try
        {
            await runtime.DeleteAsync(id, cancellationToken);
        }
        finally
        {
            RemoveFiles(id);
        }
    }

    private void RemoveFiles(string id)
    {
        cgroups.Remove(id);
        var directory = Path.Combine(paths.Sandboxes, id);
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }

        File.Delete(Path.Combine(paths.Output, id + ".log"));
    }
}
