using System.CommandLine;
using Substrate.AteApi;
using Substrate.Cli.Output;

namespace Substrate.Cli.Verbs;

/// <summary><c>get workers</c>: the places that actors run in, and who is there now.</summary>
internal static class GetWorkers
{
    public static Command Create()
    {
        var (name, format) = (Nouns.OptionalName("worker"), Nouns.Format());
        var verb = new Verb("worker", "Show one worker or list them with the actors they run")
        {
            Aliases = { "workers" },
            Arguments = { name },
            Options = { format },
            Examples = ["substrate get workers", "substrate get workers -o json"],
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = ConnectionOptions.Connect(parsed);
            var found = await api.Control.ListWorkersAsync(new ListWorkersRequest(), api.Call(cancellationToken));
            if (parsed.GetValue(name) is not { } one)
            {
                Results.Show(
                    parsed, found, parsed.GetValue(format), found.Workers.Count, "There are no workers: is a node agent running?",
                    () => Tables.Workers(found.Workers));
                return;
            }

            var worker = found.Workers.FirstOrDefault(w => w.WorkerPod == one)
                ?? throw new CommandFailure($"Worker {one} not found", "See which there are with 'substrate get workers'.");
            Results.Show(parsed, worker, parsed.GetValue(format), 1, "", () => Tables.Workers([worker]));
        });
        return verb;
    }
}
