using StackExchange.Redis;
using Substrate.State.Actors;
using Substrate.State.Templates;
using Substrate.State.Transitions;

namespace Substrate.State.Storage;

/// <summary>
/// The indexes of actors. They lie in other hash slots than the records, so they are supersets: an entry is written before the record
/// and taken out after it, and whoever reads looks at the record. A removal looks at the record once more and puts back what belongs.
/// </summary>
internal sealed class ActorIndex(IConnectionMultiplexer redis)
{
    /// <summary>Stands between atespace and name in entries; below every character of a name, so that their order is the order of the pairs.</summary>
    public const char Separator = ' ';

    /// <summary>Time after which anyone may settle what a process that died left behind.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(60);

    private readonly IDatabase _db = redis.GetDatabase();

    public Task AddAsync(ActorKey key, TemplateKey template) => Task.WhenAll(
        _db.SortedSetAddAsync(Keys.TemplateUsers(template), key.Atespace, 0),
        _db.SortedSetAddAsync(Keys.TemplatesUsed(key.Atespace), template.ToString(), 0),
        _db.SortedSetAddAsync(Keys.ActorIndex(key.Atespace, template), key.Name, 0));

    /// <summary>Says that a name's entry and record are about to differ.</summary>
    public Task BeginAsync(ActorKey key) =>
        _db.ScriptEvaluateAsync(Scripts.Standalone("_unsettled"), [Keys.Unsettled(key.Atespace)], [key.Name, (long)Settling.TotalMilliseconds]);

    /// <summary>Ends what <see cref="BeginAsync"/> began; takes out the entries of a record that is gone.</summary>
    public async Task SettleAsync(ActorKey key, ActorRecord? gone, Func<ActorKey, Task<ActorRecord?>> read)
    {
        if (gone is not null)
        {
            await _db.SortedSetRemoveAsync(Keys.ActorIndex(key.Atespace, gone.Template), key.Name);
            await RestoreAsync(key, gone.Template, read);
            await UnlabelAsync(key, gone.Labels, read);
        }

        await _db.SortedSetRemoveAsync(Keys.Unsettled(key.Atespace), key.Name);
    }

    /// <summary>Takes an entry out that has no record, unless somebody has just begun to make or delete it.</summary>
    public async Task PruneAsync(ActorKey key, TemplateKey template, Func<ActorKey, Task<ActorRecord?>> read)
    {
        var pruned = await _db.ScriptEvaluateAsync(
            Scripts.Standalone("_index_prune"), [Keys.ActorIndex(key.Atespace, template), Keys.Unsettled(key.Atespace)], [key.Name]);
        if ((long)pruned == 1)
        {
            await RestoreAsync(key, template, read);
        }
    }

    public Task LabelAsync(ActorKey key, IReadOnlyDictionary<string, string> labels) =>
        Task.WhenAll(labels.Select(label => _db.SortedSetAddAsync(Keys.Labeled(label.Key, label.Value), Entry(key), 0)));

    /// <summary>Takes an actor out of the lists of labels that its record does not bear (any more).</summary>
    public async Task UnlabelAsync(ActorKey key, IReadOnlyDictionary<string, string> labels, Func<ActorKey, Task<ActorRecord?>> read)
    {
        if (labels.Count == 0)
        {
            return;
        }

        var now = await read(key);
        foreach (var (label, value) in labels.Where(label => !Bears(now, label)))
        {
            await _db.SortedSetRemoveAsync(Keys.Labeled(label, value), Entry(key));
        }

        // Somebody may have put a label on in between, whose entry has just been taken out.
        now = await read(key);
        foreach (var (label, value) in labels.Where(label => Bears(now, label)))
        {
            await _db.SortedSetAddAsync(Keys.Labeled(label, value), Entry(key), 0);
        }
    }

    public static string Entry(ActorKey key) => $"{key.Atespace}{Separator}{key.Name}";

    private static bool Bears(ActorRecord? record, KeyValuePair<string, string> label) =>
        record is not null && record.Labels.TryGetValue(label.Key, out var value) && value == label.Value;

    // Somebody may have created the name again in between, whose entry has just been taken out.
    private async Task RestoreAsync(ActorKey key, TemplateKey template, Func<ActorKey, Task<ActorRecord?>> read)
    {
        if ((await read(key))?.Template == template)
        {
            await AddAsync(key, template);
        }
    }
}
