namespace Substrate.State.ComponentTests.Stores;

/// <summary>Runs a theory once per store.</summary>
public sealed class EveryStore : TheoryData<StoreKind>
{
    public EveryStore() => AddRange(Enum.GetValues<StoreKind>());
}
