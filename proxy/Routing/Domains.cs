using System.Collections.Concurrent;
using StackExchange.Redis;
using Substrate.State.Actors;
using Substrate.State.Storage;

namespace Substrate.Proxy.Routing;

/// <summary>
/// Which actors custom domains name, as far as requests have asked. Answers are kept for a while, also that a name is nobody's, and
/// forgotten when an event says that they changed; while the store is away what is known goes on.
/// </summary>
internal sealed class Domains(IConnectionMultiplexer redis, DomainStore store, TimeProvider time, ILogger<Domains> logger) : IHostedService
{
    /// <summary>Names kept. Names of nobody come from anyone, so there is a bound.</summary>
    private const int Most = 10_000;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Known?>> _asked = new(StringComparer.Ordinal);

    public Task StartAsync(CancellationToken cancellationToken) => redis.GetSubscriber().SubscribeAsync(Keys.DomainEvents, Forget);

    public Task StopAsync(CancellationToken cancellationToken) => redis.GetSubscriber().UnsubscribeAsync(Keys.DomainEvents, Forget);

    /// <summary>True when <paramref name="host"/> could be a domain of an actor: addresses and single labels cannot.</summary>
    /// <param name="host">A host without port and final dot, in any case.</param>
    /// <param name="scratch">At least <see cref="DomainName.MaxLength"/> characters, which <paramref name="domain"/> may refer to.</param>
    /// <param name="domain">The host in lower case.</param>
    public static bool Fits(ReadOnlySpan<char> host, Span<char> scratch, out ReadOnlySpan<char> domain)
    {
        domain = default;
        if (host.Length > DomainName.MaxLength || host.IndexOf('.') < 0)
        {
            return false;
        }

        var length = host.ToLowerInvariant(scratch);
        domain = scratch[..length];
        return DomainName.IsDomain(domain);
    }

    /// <summary>True when it is known, without asking, whom a domain names; <paramref name="actor"/> is null when it is nobody's.</summary>
    public bool TryFind(ReadOnlySpan<char> domain, out ActorKey? actor)
    {
        actor = null;
        if (!_known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(domain, out var known) || time.GetElapsedTime(known.At) > Fresh)
        {
            return false;
        }

        actor = known.Actor;
        return true;
    }

    /// <summary>Asks the store. A store that is away leaves what was known, or nobody.</summary>
    public async Task<ActorKey?> FindAsync(string domain)
    {
        _known.TryGetValue(domain, out var before);

        // One question for all who want to know: it is entered first and asked then, so that it finds itself there when it ends.
        var mine = new TaskCompletionSource<Known?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = _asked.GetOrAdd(domain, mine);
        if (ReferenceEquals(asked, mine))
        {
            _ = AskAsync(domain, mine);
        }

        var known = await asked.Task;
        return known is null ? before?.Actor : known.Actor;
    }

    private async Task AskAsync(string domain, TaskCompletionSource<Known?> answer)
    {
        Known? known = null;
        try
        {
            var at = time.GetTimestamp();
            known = new(await store.GetAsync(domain), at);
            if (_known.Count >= Most)
            {
                _known.Clear();
            }

            _known[domain] = known;
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            Log.DomainNotFound(logger, domain, e.Message);
        }
        finally
        {
            _asked.TryRemove(domain, out _);
            answer.SetResult(known);
        }
    }

    private void Forget(RedisChannel channel, RedisValue domain) => _known.TryRemove(domain.ToString(), out _);

    private sealed record Known(ActorKey? Actor, long At);
}
