using System.Collections.Immutable;
using Substrate.NodeAgent.Networks;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.Sandboxes;

/// <summary>
/// The sandboxes of a node. Keeps some pre-created for each template in use (<see cref="WarmSet"/>), so that an activation need not
/// wait for one, and takes used ones apart (<see cref="TakingApart"/>), both behind activations that are under way.
/// </summary>
internal sealed class SandboxPool(
    SandboxFactory factory, Berths berths, WarmSet warm, TakingApart apart, RefillPace pace, NodeMetrics metrics, ILogger<SandboxPool> logger)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _wanted = new(0);

    /// <summary>Pre-created sandboxes by template uid.</summary>
    public ImmutableSortedDictionary<string, int> Warm => warm.Counts;

    /// <summary>True while no used sandbox is being taken apart.</summary>
    public bool Quiet => apart.Quiet;

    /// <summary>Takes a sandbox of the template, creating one on the spot when none is ready.</summary>
    /// <returns>The sandbox, and whether it was ready.</returns>
    public async Task<(Sandbox Sandbox, bool Warm)> TakeAsync(TemplateRecord template, CancellationToken cancellationToken)
    {
        var ready = warm.Take(template);
        metrics.Taken(warm: ready is not null);
        if (ready is not null)
        {
            _wanted.Release();
            return (ready, true);
        }

        return (await CreateAsync(template, cancellationToken), false);
    }

    /// <summary>Keeps sandboxes of a template ready from now on, before anyone asks for one.</summary>
    public void Expect(TemplateRecord template)
    {
        warm.Expect(template);
        _wanted.Release();
    }

    /// <summary>Keeps the numbers that the plan wants, by template uid; empty for the node's default.</summary>
    public void Want(IReadOnlyDictionary<string, int> wanted)
    {
        warm.Want(wanted);
        _wanted.Release();
    }

    /// <summary>Says that an activation is under way: until it is over, and its first request had time to be answered, refilling waits.</summary>
    public void Enter() => pace.Enter();

    /// <summary>Says that it is over.</summary>
    public void Leave() => pace.Leave();

    /// <summary>Takes a used sandbox apart in the background and frees its berth.</summary>
    public void Retire(Sandbox sandbox) => apart.Begin(sandbox);

    /// <summary>Keeps the wanted number of sandboxes ready until cancelled.</summary>
    public async Task RefillAsync(CancellationToken cancellationToken)
    {
        apart.Freed += () => _wanted.Release();
        while (!cancellationToken.IsCancellationRequested)
        {
            var (next, surplus) = warm.Look();
            foreach (var sandbox in surplus)
            {
                Retire(sandbox);
            }

            if (next is not null)
            {
                await AddAsync(next, cancellationToken);
                continue;
            }

            await _wanted.WaitAsync(LookAgain, cancellationToken);
            while (await _wanted.WaitAsync(TimeSpan.Zero, cancellationToken))
            {
                // Several wishes are one look.
            }
        }
    }

    /// <summary>Ends every sandbox and removes every berth. Nothing can be taken afterwards.</summary>
    public async Task CloseAsync()
    {
        foreach (var sandbox in warm.Close())
        {
            Retire(sandbox);
        }

        await berths.CloseAsync();
        await apart.EndAsync();
        await berths.RemoveAsync();
    }

    private async Task AddAsync(TemplateRecord template, CancellationToken cancellationToken)
    {
        try
        {
            await pace.WaitAsync(cancellationToken);
            var sandbox = await CreateAsync(template, cancellationToken);
            factory.Arm(sandbox);
            if (!warm.Add(sandbox))
            {
                Retire(sandbox);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            warm.Failed(template);
            Log.RefillFailed(logger, template.Key.ToString(), e.Message);
        }
    }

    private async Task<Sandbox> CreateAsync(TemplateRecord template, CancellationToken cancellationToken)
    {
        var berth = await berths.TakeAsync(cancellationToken);
        try
        {
            return await factory.CreateAsync(berth, template, cancellationToken);
        }
        catch (NetworkException)
        {
            // Somebody took it apart behind the node's back: it is made anew when it is needed next.
            await berths.DiscardAsync(berth);
            throw;
        }
        catch
        {
            berths.Free(berth);
            throw;
        }
    }
}
