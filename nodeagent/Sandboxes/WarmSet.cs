using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.Sandboxes;

/// <summary>The sandboxes that wait for an activation, and the templates that they are kept for.</summary>
internal sealed class WarmSet(IOptions<NodeOptions> options, TimeProvider time)
{
    /// <summary>A template that nobody activated for so long gets no further sandboxes ahead of time.</summary>
    private static readonly TimeSpan Unused = TimeSpan.FromMinutes(10);

    /// <summary>A template whose sandbox could not be created is left alone for a while, so that it does not keep others from theirs.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(10);

    private readonly int _most = options.Value.EffectiveWarm;
    private readonly int _mostPlanned = options.Value.Warm >= 0 ? options.Value.Warm : Math.Max(options.Value.EffectiveWarm, options.Value.Slots);
    private readonly Lock _lock = new();
    private readonly List<Sandbox> _ready = [];
    private readonly Dictionary<string, (TemplateRecord Template, long Used)> _templates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _failed = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, int> _wanted = ImmutableSortedDictionary<string, int>.Empty;
    private bool _closed;

    /// <summary>Ready sandboxes by template uid.</summary>
    public ImmutableSortedDictionary<string, int> Counts
    {
        get
        {
            lock (_lock)
            {
                return _ready.GroupBy(static s => s.Template.Uid).ToImmutableSortedDictionary(static g => g.Key, static g => g.Count());
            }
        }
    }

    /// <summary>Takes a ready sandbox of the template, which counts as used now; null when there is none.</summary>
    public Sandbox? Take(TemplateRecord template)
    {
        lock (_lock)
        {
            _templates[template.Uid] = (template, time.GetTimestamp());
            var index = _ready.FindIndex(s => s.Template.Uid == template.Uid && s.Alive);
            if (index < 0)
            {
                return null;
            }

            var taken = _ready[index];
            _ready.RemoveAt(index);
            return taken;
        }
    }

    /// <summary>Keeps sandboxes of a template ready from now on, before anyone asks for one.</summary>
    public void Expect(TemplateRecord template)
    {
        lock (_lock)
        {
            _templates.TryAdd(template.Uid, (template, time.GetTimestamp()));
        }
    }

    /// <summary>Notes what the plan wants, by template uid; empty for the default.</summary>
    public void Want(IReadOnlyDictionary<string, int> wanted)
    {
        lock (_lock)
        {
            _wanted = wanted;
        }
    }

    /// <summary>Adds a sandbox that was created ahead of time.</summary>
    /// <returns>False when the node stops and it has to go.</returns>
    public bool Add(Sandbox sandbox)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _ready.Add(sandbox);
            }

            return !_closed;
        }
    }

    /// <summary>Notes that no sandbox could be created for a template.</summary>
    public void Failed(TemplateRecord template)
    {
        lock (_lock)
        {
            _failed[template.Uid] = time.GetTimestamp();
        }
    }

    /// <summary>The template that needs a sandbox most, and the sandboxes that have to make way: they belong to templates no longer in use, or have died.</summary>
    public (TemplateRecord? Next, IReadOnlyList<Sandbox> Surplus) Look()
    {
        lock (_lock)
        {
            if (_closed)
            {
                return (null, []);
            }

            var uses = Uses_NeedsLock();
            var shares = WarmChoice.Shares(uses, _wanted.Count > 0 ? _mostPlanned : _most, _wanted);
            Sandbox[] surplus = [.. _ready.Where(s => !s.Alive || !shares.ContainsKey(s.Template.Uid))];
            Array.ForEach(surplus, s => _ready.Remove(s));
            return (WarmChoice.Next(uses, shares, [.. _ready.Select(static s => s.Template.Uid)]), surplus);
        }
    }

    /// <summary>Gives up all sandboxes and takes no further ones.</summary>
    public IReadOnlyList<Sandbox> Close()
    {
        lock (_lock)
        {
            _closed = true;
            Sandbox[] all = [.. _ready];
            _ready.Clear();
            return all;
        }
    }

    private WarmUse[] Uses_NeedsLock()
    {
        foreach (var (uid, entry) in _templates.ToArray())
        {
            if (time.GetElapsedTime(entry.Used) > Unused && !_wanted.ContainsKey(uid))
            {
                _templates.Remove(uid);
                _failed.Remove(uid);
            }
        }

        return
        [
            .. _templates.Values.Select(t => new WarmUse(
                t.Template,
                time.GetElapsedTime(t.Used),
                _failed.TryGetValue(t.Template.Uid, out var at) && time.GetElapsedTime(at) <= AfterFailure)),
        ];
    }
}
