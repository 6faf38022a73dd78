using System.Runtime.CompilerServices;
using StackExchange.Redis;
using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.State.Storage;

/// <summary>Reads the indexes: names of actors that a query may be about, in order of atespace and name, piece by piece.</summary>
internal sealed class ActorNames(IConnectionMultiplexer redis, NodeRegistry nodes)
{
    private const int AtespacesAtOnce = 100;

    private readonly IDatabase _db = redis.GetDatabase();

    /// <summary>Names behind <paramref name="after"/>, from the index that leaves the least to look at.</summary>
    /// <param name="query">The query.</param>
    /// <param name="after">Where to go on; default for the beginning.</param>
    /// <param name="piece">Names to read at once.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    public IAsyncEnumerable<IReadOnlyList<ActorKey>> ReadAsync(ActorQuery query, ActorKey after, int piece, CancellationToken cancellationToken) =>
        query.OnNodesOnly ? OnNodesAsync(query.Node, after, piece, cancellationToken)
        : query.Labels.Count > 0 ? LabeledAsync(query.Labels.MinBy(static l => l.Key, StringComparer.Ordinal), after, piece, cancellationToken)
        : InAtespacesAsync(query, after, piece, cancellationToken);

    /// <summary>Names of one atespace, of one template or of all.</summary>
    public async Task<string[]> InAtespaceAsync(string atespace, TemplateKey? template, string after, int count)
    {
        RedisValue[] templates = template is { } one ? [one.ToString()] : await _db.SortedSetRangeByRankAsync(Keys.TemplatesUsed(atespace));
        var parts = await Task.WhenAll(templates.Select(name => TemplateKey.TryParse(name.ToString(), out var key)
            ? BehindAsync(Keys.ActorIndex(atespace, key), after, count)
            : Task.FromResult(Array.Empty<string>())));

        // A name may stand under two templates for a while, when it was deleted and made again.
        return parts.Length == 1 ? parts[0] : [.. parts.SelectMany(static names => names).Order(StringComparer.Ordinal).Distinct().Take(count)];
    }

    // Nodes' sets are bounded by what nodes can hold, however many actors there are.
    private async IAsyncEnumerable<IReadOnlyList<ActorKey>> OnNodesAsync(
        string node, ActorKey after, int piece, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ids = node.Length > 0 ? [node] : (await nodes.ListAsync()).Select(static lease => lease.Status.Id).ToArray();
        var sets = await Task.WhenAll(ids.Select(nodes.ActorsAsync));
        var keys = sets.SelectMany(static set => set).Distinct().Where(key => after.Atespace is null || Compare(key, after) > 0).ToArray();
        Array.Sort(keys, Compare);
        foreach (var chunk in keys.Chunk(piece))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return chunk;
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<ActorKey>> LabeledAsync(
        KeyValuePair<string, string> label, ActorKey after, int piece, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = after.Atespace is null ? "" : ActorIndex.Entry(after);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var entries = await BehindAsync(Keys.Labeled(label.Key, label.Value), last, piece);
            yield return [.. entries.Select(static e => e.Split(ActorIndex.Separator)).Select(static p => new ActorKey(p[0], p[1]))];
            if (entries.Length < piece)
            {
                yield break;
            }

            last = entries[^1];
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<ActorKey>> InAtespacesAsync(
        ActorQuery query, ActorKey after, int piece, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var atespace in AtespacesAsync(query, after.Atespace ?? "", cancellationToken))
        {
            var last = atespace == after.Atespace ? after.Name : "";
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var names = await InAtespaceAsync(atespace, query.Template, last, piece);
                yield return [.. names.Select(name => new ActorKey(atespace, name))];
                if (names.Length < piece)
                {
                    break;
                }

                last = names[^1];
            }
        }
    }

    private async IAsyncEnumerable<string> AtespacesAsync(ActorQuery query, string from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (query.Atespace.Length > 0)
        {
            yield return query.Atespace;
            yield break;
        }

        var source = query.Template is { } template ? Keys.TemplateUsers(template) : Keys.Atespaces;
        if (from.Length > 0 && await _db.SortedSetScoreAsync(source, from) is not null)
        {
            yield return from;
        }

        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var names = await BehindAsync(source, from, AtespacesAtOnce);
            foreach (var name in names)
            {
                yield return name;
            }

            if (names.Length < AtespacesAtOnce)
            {
                yield break;
            }

            from = names[^1];
        }
    }

    private async Task<string[]> BehindAsync(RedisKey set, string after, int count)
    {
        RedisValue min = after.Length == 0 ? "-" : $"({after}";
        var names = (RedisValue[])(await _db.ExecuteAsync("ZRANGEBYLEX", set, min, "+", "LIMIT", 0, count))!;
        return Array.ConvertAll(names, static name => name.ToString());
    }

    private static int Compare(ActorKey a, ActorKey b) =>
        string.CompareOrdinal(a.Atespace, b.Atespace) is var order and not 0 ? order : string.CompareOrdinal(a.Name, b.Name);
}
