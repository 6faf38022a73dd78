using Substrate.State.Actors;
using Substrate.State.ComponentTests.Stores;
using Substrate.State.Storage;
using Substrate.State.Transitions;

namespace Substrate.State.ComponentTests.Model;

/// <summary>One transition with all it takes, so that it can be repeated exactly.</summary>
public sealed record Call(Verb Verb, long Epoch, string Node, string Other, bool Overdue)
{
    public const long Bytes = 4711;

    /// <summary>Claim token, endpoint, reason or selector value.</summary>
    public required string Token { get; init; }

    public required string Uid { get; init; }

    public required string Snapshot { get; init; }

    public IReadOnlyDictionary<string, string> Selector => new Dictionary<string, string> { ["pool"] = Token };

    public Task<TransitionResult> RunAsync(ActorStore actors, ActorKey key)
    {
        var within = Overdue ? TimeSpan.Zero : TimeSpan.FromHours(1);
        return Verb switch
        {
            Verb.Create => actors.CreateAsync(key, Uid, Fresh.Template, Selector),
            Verb.Claim => actors.ClaimAsync(key, Token, Node, within),
            Verb.Replace => actors.ReplaceAsync(key, Epoch, Node, Other, within),
            Verb.Running => actors.RunningAsync(key, Epoch, Node, Token),
            Verb.Fail => actors.FailAsync(key, Epoch, Node, Token),
            Verb.FailOverdue => actors.FailOverdueAsync(key, Epoch),
            Verb.BeginSuspend => actors.BeginSuspendAsync(key, Epoch, within),
            Verb.BeginPause => actors.BeginPauseAsync(key, Epoch, within),
            Verb.Abort => actors.AbortAsync(key, Epoch, Token),
            Verb.Paused => actors.PausedAsync(key, Epoch, Snapshot, Node, Bytes),
            Verb.Suspended => actors.SuspendedAsync(key, Epoch, Snapshot, Node, Bytes),
            Verb.Uploaded => actors.UploadedAsync(key, Snapshot),
            Verb.WantUpload => actors.WantUploadAsync(key),
            Verb.Lost => actors.LostAsync(key, Epoch, Node, Token),
            Verb.Wake => actors.WakeAsync(key),
            Verb.Update => actors.UpdateAsync(key, Selector),
            Verb.Label => actors.LabelAsync(key, Selector),
            Verb.Delete => actors.DeleteAsync(key, Uid),
            _ => throw new InvalidOperationException($"{Verb} is no transition"),
        };
    }
}
