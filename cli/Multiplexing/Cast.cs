using Grpc.Core;
using Substrate.AteApi;
using Substrate.Cli.Connection;
using Substrate.State.Templates;

namespace Substrate.Cli.Multiplexing;

/// <summary>The actors of a demonstration or a load: makes them new, and removes them.</summary>
internal sealed class Cast(ApiClient api, string atespace, TemplateKey template, IReadOnlyList<string> names)
{
    private static readonly ParallelOptions AtOnce = new() { MaxDegreeOfParallelism = 8 };

    /// <summary>Creates all of them; one that is left from an earlier run is replaced, because its counts would not begin at one.</summary>
    public Task CreateAsync(CancellationToken cancellationToken) => Parallel.ForEachAsync(names, With(cancellationToken), async (name, ct) =>
    {
        try
        {
            await CreateAsync(name, ct);
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.AlreadyExists)
        {
            await DeleteAsync(name, ct);
            await CreateAsync(name, ct);
        }
    });

    public Task DeleteAsync(CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(names, With(cancellationToken), async (name, ct) => await DeleteAsync(name, ct));

    private async Task CreateAsync(string name, CancellationToken cancellationToken) => await api.Control.CreateActorAsync(
        new CreateActorRequest { ActorRef = Ref(name), ActorTemplateNamespace = template.Namespace, ActorTemplateName = template.Name }, api.Call(cancellationToken));

    // Only an actor at rest can be deleted. Between the two calls nobody asks for it, so once suspended it stays so.
    private async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await api.Control.DeleteActorAsync(new DeleteActorRequest { ActorRef = Ref(name) }, api.Call(cancellationToken));
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.FailedPrecondition)
        {
            await api.Control.SuspendActorAsync(new SuspendActorRequest { ActorRef = Ref(name) }, api.Call(cancellationToken));
            await api.Control.DeleteActorAsync(new DeleteActorRequest { ActorRef = Ref(name) }, api.Call(cancellationToken));
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.NotFound)
        {
            // Interrupted before it was created.
        }
    }

    private ActorRef Ref(string name) => new() { Atespace = atespace, Name = name };

    private static ParallelOptions With(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = AtOnce.MaxDegreeOfParallelism, CancellationToken = cancellationToken };
}
