using Substrate.Perf.Rounds;

namespace Substrate.Perf.Activation;

/// <summary>The runtime's own restore into a sandbox created before.</summary>
internal sealed class RawContender(RawRestore raw, TimeProvider time) : IContender
{
    public const string Title = "runsc restore";

    public string Name => Title;

    public async Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken)
    {
        await raw.CreateAsync(cancellationToken);
        await Task.Delay(ActivationSuite.Settle, time, cancellationToken);
        var took = await raw.RestoreAsync(cancellationToken);
        await raw.RemoveAsync();
        return new Dictionary<string, double> { ["ms"] = took.TotalMilliseconds };
    }
}
