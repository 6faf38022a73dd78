using Substrate.Perf.Load;

namespace Substrate.Cli.Multiplexing;

/// <summary>What one actor must answer next. One request at a time asks it.</summary>
internal sealed class ExpectedCount(string atespace, string actor) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _counted;
    private long _unclear;

    public string Actor => actor;

    public Task EnterAsync(CancellationToken cancellationToken) => _turn.WaitAsync(cancellationToken);

    public void Leave() => _turn.Release();

    /// <summary>A request ended without an answer: it may have been counted or not.</summary>
    public void Lost() => _unclear++;

    /// <summary>Compares an answer with what is expected and expects the next one.</summary>
    /// <returns>Null when it is right, else what is wrong.</returns>
    public string? Check(CounterAnswer answer)
    {
        var (least, most) = (_counted + 1, _counted + 1 + _unclear);
        if (answer.Actor != actor || answer.Atespace != atespace)
        {
            // Its own count is as unclear as if nothing had come back.
            Lost();
            return $"{atespace}/{actor} was asked and {answer.Atespace}/{answer.Actor} answered";
        }

        (_counted, _unclear) = (answer.Memory, 0);
        if (answer.Memory < least || answer.Memory > most)
        {
            return $"{atespace}/{actor} counts {answer.Memory} in memory where {Range(least, most)} is right";
        }

        return answer.File == answer.Memory ? null : $"{atespace}/{actor} counts {answer.Memory} in memory and {answer.File} in its file";
    }

    public void Dispose() => _turn.Dispose();

    private static string Range(long least, long most) => least == most ? $"{least}" : $"{least} to {most}";
}
