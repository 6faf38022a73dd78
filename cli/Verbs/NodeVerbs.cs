using System.CommandLine;
using Substrate.AteApi;
using Substrate.Cli.Connection;

namespace Substrate.Cli.Verbs;

/// <summary><c>cordon</c>, <c>uncordon</c> and <c>drain</c> a node.</summary>
internal static class NodeVerbs
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    public static IEnumerable<Command> Create()
    {
        yield return Create(
            "cordon", "Give a node no further actors; those that are there stay", "cordoned",
            static async (api, node, ct) => await api.Admin.CordonNodeAsync(new() { Node = node }, api.Call(ct)));
        yield return Create(
            "uncordon", "Let a node take actors again", "open again",
            static async (api, node, ct) => await api.Admin.UncordonNodeAsync(new() { Node = node }, api.Call(ct)));
        var wait = new Option<bool>("--wait") { Description = "Wait until no actor runs there any more" };
        yield return Create(
            "drain", "Give a node no further actors, and move those that are there to the snapshot store", "being drained",
            static async (api, node, ct) => await api.Admin.DrainNodeAsync(new() { Node = node }, api.Call(ct)),
            wait);
    }

    private static Verb Create(
        string name, string description, string done, Func<ApiClient, string, CancellationToken, Task> wish, Option<bool>? wait = null)
    {
        var node = Nouns.Name("node");
        string[] examples = wait is null ? [$"substrate {name} node worker-1"] : [$"substrate {name} node worker-1", $"substrate {name} node worker-1 --wait"];
        var noun = new Verb("node", description) { Arguments = { node }, Examples = examples };
        if (wait is not null)
        {
            noun.Options.Add(wait);
        }

        noun.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = ConnectionOptions.Connect(parsed);
            var id = parsed.GetRequiredValue(node);
            await wish(api, id, cancellationToken);
            CommandTree.ScreenOf(parsed).Say($"node {id} is {done}");
            if (wait is not null && parsed.GetValue(wait))
            {
                await EmptyAsync(api, id, cancellationToken);
                CommandTree.ScreenOf(parsed).Say($"node {id} is empty");
            }
        });
        var verb = new Verb(name, description) { Subcommands = { noun }, Examples = examples };
        ConnectionOptions.AddTo(verb);
        return verb;
    }

    private static async Task EmptyAsync(ApiClient api, string node, CancellationToken cancellationToken)
    {
        while ((await api.Control.ListWorkersAsync(new ListWorkersRequest(), api.Call(cancellationToken))).Workers
            .Any(worker => worker.NodeName == node && worker.ActorId.Length > 0))
        {
            await Task.Delay(Poll, TimeProvider.System, cancellationToken);
        }
    }
}
