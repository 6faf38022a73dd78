using System.Collections.Immutable;
using System.Globalization;
using Grpc.Core;
using Substrate.Admin.V1;
using Substrate.State.Actors;
using Substrate.State.Storage;

namespace Substrate.Scheduler.Api;

/// <summary>
/// Sends all actors and then every change. The change logs say which actors changed, so nothing is missed whatever events are lost; events
/// only say when to look. Whoever resumes gets each actor that changed meanwhile once, as it is then.
/// </summary>
internal sealed class WatchCalls(
    ChangeLog log, ActorListing listing, ActorStore actors, ActorEvents events, TokenSigner signer, IHostApplicationLifetime life, TimeProvider time)
{
    private const string Kind = "watch";
    private const int MostWatches = 256;

    /// <summary>Pause between two looks at all logs, in case events were missed.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Changes that come within this time are sent together.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(20);

    private int _watches;

    public async Task WatchAsync(WatchActorsRequest request, IServerStreamWriter<WatchActorsEvent> stream, CancellationToken cancellationToken)
    {
        var atespace = request.Atespace.Length == 0 ? "" : AdminRules.Label("atespace", request.Atespace);
        var resumed = request.ResumeToken.Length == 0 ? (ImmutableArray<ChangePosition>?)null : await ReadAsync(request.ResumeToken, atespace);
        if (Interlocked.Increment(ref _watches) > MostWatches)
        {
            Interlocked.Decrement(ref _watches);
            throw ApiErrors.TooManyWatches(MostWatches);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, life.ApplicationStopping);
        using var signal = new ChangeSignal(events);
        try
        {
            var watch = new Watch(atespace, stream, [.. resumed ?? await log.EndAsync()]);
            if (resumed is null)
            {
                await ListAsync(watch, either.Token);
            }

            await CatchUpAsync(watch, signal, everything: true, either.Token);
            await BookmarkAsync(watch, either.Token);
            while (true)
            {
                var hinted = await signal.WaitAsync(Look, Gather, time, either.Token);
                if (await CatchUpAsync(watch, signal, everything: !hinted, either.Token))
                {
                    await BookmarkAsync(watch, either.Token);
                }
            }
        }
        catch (OperationCanceledException) when (life.ApplicationStopping.IsCancellationRequested)
        {
            throw ApiErrors.Stopping();
        }
        finally
        {
            Interlocked.Decrement(ref _watches);
        }
    }

    private async Task ListAsync(Watch watch, CancellationToken cancellationToken)
    {
        var after = default(ActorKey);
        while (true)
        {
            var page = await listing.QueryAsync(new() { Atespace = watch.Atespace }, after, ApiRules.LargestPage, cancellationToken);
            foreach (var record in page.Actors)
            {
                await watch.Stream.WriteAsync(new() { Type = WatchActorsEvent.Types.Type.Actor, Actor = AdminMessages.Actor(record) }, cancellationToken);
            }

            if (page.Next is not { } next)
            {
                return;
            }

            after = next;
        }
    }

    // True when anything was sent.
    private async Task<bool> CatchUpAsync(Watch watch, ChangeSignal signal, bool everything, CancellationToken cancellationToken)
    {
        var sent = false;
        var shards = Enumerable.Range(0, Keys.RecordShards).Where(shard => signal.Take(shard) || everything).ToArray();
        foreach (var (shard, read) in shards.Zip(await Task.WhenAll(shards.Select(shard => log.ReadAsync(shard, watch.Positions[shard])))))
        {
            var (changed, end) = read ?? throw ApiErrors.WatchTooOld();
            var wanted = changed.Where(key => watch.Atespace.Length == 0 || key.Atespace == watch.Atespace).ToArray();
            foreach (var (key, record) in wanted.Zip(await Task.WhenAll(wanted.Select(actors.GetAsync))))
            {
                await watch.Stream.WriteAsync(
                    record is null
                        ? new() { Type = WatchActorsEvent.Types.Type.Deleted, Actor = new() { Atespace = key.Atespace, Name = key.Name } }
                        : new() { Type = WatchActorsEvent.Types.Type.Actor, Actor = AdminMessages.Actor(record) },
                    cancellationToken);
                sent = true;
            }

            watch.Positions[shard] = end;
        }

        return sent;
    }

    private async Task BookmarkAsync(Watch watch, CancellationToken cancellationToken)
    {
        var positions = string.Join(',', watch.Positions.Select(static p => string.Create(CultureInfo.InvariantCulture, $"{p.Life}:{p.Number}")));
        var token = await signer.WriteAsync(Kind, watch.Atespace, positions);
        await watch.Stream.WriteAsync(new() { Type = WatchActorsEvent.Types.Type.Bookmark, ResumeToken = token }, cancellationToken);
    }

    private async Task<ImmutableArray<ChangePosition>> ReadAsync(string token, string atespace)
    {
        var read = await signer.ReadAsync(Kind, token, atespace);
        if (!read.Authentic)
        {
            throw ApiErrors.Invalid("invalid resume_token");
        }

        if (!read.SameQuery)
        {
            throw ApiErrors.Invalid("invalid resume_token: it belongs to a watch of something else");
        }

        var parts = read.Payload.Split(',').Select(static part => part.Split(':')).ToArray();
        return parts.Length == Keys.RecordShards
            ? [.. parts.Select(static part => new ChangePosition(part[0], long.Parse(part[1], CultureInfo.InvariantCulture)))]
            : throw ApiErrors.WatchTooOld();
    }

    private sealed record Watch(string Atespace, IServerStreamWriter<WatchActorsEvent> Stream, ChangePosition[] Positions);
}
