namespace Substrate.Scheduler.Leadership;

/// <summary>Work that the leading scheduler does over and over.</summary>
internal interface ILoop
{
    /// <summary>Short name, for logs and metrics.</summary>
    string Name { get; }

    /// <summary>One round: look, decide, act. Everything in it is bounded in time and safe to repeat.</summary>
    Task RunRoundAsync(CancellationToken cancellationToken);

    /// <summary>Called when leading ends: waits for what is under way and forgets it.</summary>
    Task EndAsync() => Task.CompletedTask;
}
