using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.Sandboxes;

/// <summary>
/// The sandboxes of a node. Keeps some pre-created for each template in use, so that an activation need not wait for one, and takes
/// used ones apart, both behind activations that are under way.
/// </summary>
internal sealed class SandboxPool(
    IOptions<NodeOptions> options, SandboxFactory factory, ActorLogs logs, NodeMetrics metrics, TimeProvider time, ILogger<SandboxPool> logger)
{
    /// <summary>A template that nobody activated for so long gets no further sandboxes ahead of time.</summary>
    private static readonly TimeSpan Unused = TimeSpan.FromMinutes(10);

    /// <summary>A template whose sandbox could not be created is left alone for a while, so that it does not keep others from theirs.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(10);

    /// <summary>What an actor's first answer takes once it is up; refilling stays out of its way.</summary>
    private static readonly TimeSpan FirstAnswer = TimeSpan.FromMilliseconds(30);

    /// <summary>How long refilling stands back at most: under steady load the node must not starve its own supply.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    private readonly int _warm = options.Value.EffectiveWarm;
    private readonly Lock _lock = new();
    private readonly Stack<Berth> _free = new();
    private readonly List<Sandbox> _ready = [];
    private readonly Dictionary<string, (TemplateRecord Template, long Used)> _templates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _failed = new(StringComparer.Ordinal);
    private readonly HashSet<Task> _removals = [];
    private readonly SemaphoreSlim _creating = new(1);
    private readonly SemaphoreSlim _wanted = new(0);
    private int _berths;
    private int _busy;
    private long _busyAt;
    private bool _closed;

    /// <summary>Pre-created sandboxes by template uid.</summary>
    public ImmutableSortedDictionary<string, int> Warm
    {
        get
        {
            lock (_lock)
            {
                return _ready.GroupBy(static s => s.Template.Uid).ToImmutableSortedDictionary(static g => g.Key, static g => g.Count());
            }
        }
    }

    /// <summary>True while no used sandbox is being taken apart.</summary>
    public bool Quiet
    {
        get
        {
            lock (_lock)
            {
                return _removals.Count == 0;
            }
        }
    }

    /// <summary>Takes a sandbox of the template, creating one on the spot when none is ready.</summary>
    /// <returns>The sandbox, and whether it was ready.</returns>
    public async Task<(Sandbox Sandbox, bool Warm)> TakeAsync(TemplateRecord template, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _templates[template.Uid] = (template, time.GetTimestamp());
            var index = _ready.FindIndex(s => s.Template.Uid == template.Uid && s.Alive);
            if (index >= 0)
            {
                var taken = _ready[index];
                _ready.RemoveAt(index);
                metrics.Taken(warm: true);
                _wanted.Release();
                return (taken, true);
            }
        }

        metrics.Taken(warm: false);
        return (await CreateAsync(template, cancellationToken), false);
    }

    /// <summary>Keeps sandboxes of a template ready from now on, before anyone asks for one.</summary>
    public void Expect(TemplateRecord template)
    {
        lock (_lock)
        {
            _templates.TryAdd(template.Uid, (template, time.GetTimestamp()));
        }

        _wanted.Release();
    }

    /// <summary>Says that an activation is under way: until it is over, and its first request had time to be answered, refilling waits.</summary>
    public void Enter() => Interlocked.Increment(ref _busy);

    /// <summary>Says that it is over.</summary>
    public void Leave()
    {
        Volatile.Write(ref _busyAt, time.GetTimestamp());
        Interlocked.Decrement(ref _busy);
    }

    /// <summary>Takes a used sandbox apart in the background and frees its berth.</summary>
    public void Retire(Sandbox sandbox)
    {
        if (!sandbox.TryRetire())
        {
            return;
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _removals.Add(done.Task);
        }

        _ = RetireAsync(sandbox, done);
    }

    /// <summary>Keeps the wanted number of sandboxes ready until cancelled.</summary>
    public async Task RefillAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            if (Next() is { } template)
            {
                try
                {
                    await BehindActivationsAsync(cancellationToken);
                    var sandbox = await CreateAsync(template, cancellationToken);
                    lock (_lock)
                    {
                        _ready.Add(sandbox);
                    }

                    continue;
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    lock (_lock)
                    {
                        _failed[template.Uid] = time.GetTimestamp();
                    }

                    Log.RefillFailed(logger, template.Key.ToString(), e.Message);
                    continue;
                }
            }

            await _wanted.WaitAsync(TimeSpan.FromSeconds(5), cancellationToken);
            while (await _wanted.WaitAsync(TimeSpan.Zero, cancellationToken))
            {
                // Several wishes are one look.
            }
        }
    }

    /// <summary>Ends every sandbox and removes every berth. Nothing can be taken afterwards.</summary>
    public async Task CloseAsync()
    {
        List<Sandbox> ready;
        lock (_lock)
        {
            _closed = true;
            ready = [.. _ready];
            _ready.Clear();
        }

        ready.ForEach(Retire);
        await _creating.WaitAsync();
        while (true)
        {
            Task[] removals;
            lock (_lock)
            {
                removals = [.. _removals];
            }

            if (removals.Length == 0)
            {
                break;
            }

            await Task.WhenAll(removals);
        }

        while (_free.TryPop(out var berth))
        {
            await SandboxFactory.DestroyBerthAsync(berth, CancellationToken.None);
        }
    }

    // The template that is furthest below its share of ready sandboxes; sandboxes of templates no longer in use make way.
    private TemplateRecord? Next()
    {
        List<Sandbox> surplus = [];
        TemplateRecord? next = null;
        lock (_lock)
        {
            if (_closed)
            {
                return null;
            }

            foreach (var (uid, entry) in _templates.ToArray())
            {
                if (time.GetElapsedTime(entry.Used) > Unused)
                {
                    _templates.Remove(uid);
                    _failed.Remove(uid);
                }
            }

            // No more templates than there are sandboxes to keep: those used last.
            var kept = _templates.Values.OrderByDescending(static t => t.Used).Take(_warm).Select(static t => t.Template).ToArray();
            surplus = [.. _ready.Where(s => !s.Alive || !Array.Exists(kept, t => t.Uid == s.Template.Uid))];
            surplus.ForEach(s => _ready.Remove(s));
            var share = kept.Length == 0 ? 0 : Math.Max(1, _warm / kept.Length);
            next = kept
                .Where(t => !_failed.TryGetValue(t.Uid, out var at) || time.GetElapsedTime(at) > AfterFailure)
                .Select(t => (Template: t, Missing: share - _ready.Count(s => s.Template.Uid == t.Uid)))
                .Where(static t => t.Missing > 0)
                .OrderByDescending(static t => t.Missing)
                .Select(static t => t.Template)
                .FirstOrDefault();
        }

        surplus.ForEach(Retire);
        return next;
    }

    // Creating costs CPU that an activation under way needs more; but a busy node must not starve its own supply either.
    private async Task BehindActivationsAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while ((Volatile.Read(ref _busy) > 0 || time.GetElapsedTime(Volatile.Read(ref _busyAt)) < FirstAnswer)
            && time.GetElapsedTime(start) < LongestWait)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), time, cancellationToken);
        }
    }

    private async Task<Sandbox> CreateAsync(TemplateRecord template, CancellationToken cancellationToken)
    {
        await _creating.WaitAsync(cancellationToken);
        Berth berth;
        try
        {
            berth = await BerthAsync(cancellationToken);
        }
        finally
        {
            _creating.Release();
        }

        try
        {
            return await factory.CreateAsync(berth, template, cancellationToken);
        }
        catch
        {
            Free(berth);
            throw;
        }
    }

    private async Task<Berth> BerthAsync(CancellationToken cancellationToken)
    {
        int index;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_free.TryPop(out var free))
            {
                return free;
            }

            if (_berths == factory.MostBerths)
            {
                throw new InvalidOperationException($"All {_berths} berths of the node's network are taken; Node:Network can name a larger one.");
            }

            index = _berths++;
        }

        try
        {
            return await factory.CreateBerthAsync(index, cancellationToken);
        }
        catch
        {
            lock (_lock)
            {
                // Only the newest number can be given back without a gap; a gap costs an address block and nothing else.
                _berths -= index == _berths - 1 ? 1 : 0;
            }

            throw;
        }
    }

    private async Task RetireAsync(Sandbox sandbox, TaskCompletionSource done)
    {
        try
        {
            await logs.ArchiveAsync(sandbox);
        }
        catch (Exception e)
        {
            Log.RemovalFailed(logger, sandbox.Id, $"its output is lost: {e.Message}");
        }

        try
        {
            await factory.RetireAsync(sandbox);
        }
        catch (Exception e)
        {
            Log.RemovalFailed(logger, sandbox.Id, e.Message);
        }

        if (sandbox.Alive)
        {
            // Two sandboxes on one network could answer for each other: the berth stays closed until the next start sweeps it.
            Log.RemovalFailed(logger, sandbox.Id, "its process does not end; its place on the node is lost until the agent restarts");
        }
        else
        {
            Free(sandbox.Berth);
        }

        lock (_lock)
        {
            _removals.Remove(done.Task);
        }

        done.SetResult();
        _wanted.Release();
    }

    private void Free(Berth berth)
    {
        lock (_lock)
        {
            _free.Push(berth);
        }
    }
}
