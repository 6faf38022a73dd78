namespace Substrate.Perf.Load;

/// <summary>
/// What a counter actor may answer, with any number of requests under way: each count once, above what was answered before the request was sent,
/// and not above the number of requests that were sent. So a lost memory, a copy and a foreign actor all show.
/// </summary>
internal sealed class CountCheck(string atespace, string actor)
{
    private readonly Lock _lock = new();
    private readonly HashSet<long> _seen = [];
    private long _sent;
    private long _highest;

    /// <summary>A request is sent.</summary>
    /// <returns>What its answer must be above.</returns>
    public long Send()
    {
        lock (_lock)
        {
            _sent++;
            return _highest;
        }
    }

    /// <summary>Compares an answer with what is possible.</summary>
    /// <returns>Null when it is right, else what is wrong.</returns>
    public string? Check(CounterAnswer answer, long above)
    {
        if (answer.Actor != actor || answer.Atespace != atespace)
        {
            return $"{atespace}/{actor} was asked and {answer.Atespace}/{answer.Actor} answered";
        }

        lock (_lock)
        {
            _highest = Math.Max(_highest, answer.Memory);
            return answer.Memory != answer.File ? $"{atespace}/{actor} counts {answer.Memory} in memory and {answer.File} in its file"
                : !_seen.Add(answer.Memory) ? $"{atespace}/{actor} counted {answer.Memory} twice"
                : answer.Memory <= above ? $"{atespace}/{actor} counts {answer.Memory} after it had counted {above}"
                : answer.Memory > _sent ? $"{atespace}/{actor} counts {answer.Memory} and was asked {_sent} times"
                : null;
        }
    }
}
