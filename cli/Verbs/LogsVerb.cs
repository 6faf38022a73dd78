using System.CommandLine;
using System.Text;
using Grpc.Core;
using Substrate.Admin.V1;

namespace Substrate.Cli.Verbs;

/// <summary><c>logs actor</c>: what it wrote to standard output and error.</summary>
internal static class LogsVerb
{
    public static Command Create()
    {
        var (name, atespace) = (Nouns.Name("actor"), Nouns.Atespace(required: true));
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what is written from now on, until Ctrl-C" };
        var tail = new Option<long>("--tail") { Description = "Start with at most that many bytes of what is there", HelpName = "BYTES" };
        string[] examples = ["substrate logs actor alice -a demo", "substrate logs actor alice -a demo -f --tail 4096"];
        var noun = new Verb("actor", "Show what an actor wrote to its standard output and error")
        {
            Arguments = { name },
            Options = { atespace, follow, tail },
            Examples = examples,
        };
        noun.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = ConnectionOptions.Connect(parsed);
            var reference = Nouns.Ref(parsed, name, atespace);
            var request = new LogsRequest
            {
                Atespace = reference.Atespace,
                Name = reference.Name,
                Follow = parsed.GetValue(follow),
                TailBytes = parsed.GetValue(tail),
            };
            using var call = api.Admin.Logs(request, request.Follow ? api.Stream(cancellationToken) : api.Call(cancellationToken));
            await CopyAsync(call.ResponseStream, parsed.InvocationConfiguration.Output, cancellationToken);
        });
        var verb = new Verb("logs", "Show what an actor wrote to its standard output and error") { Subcommands = { noun }, Examples = examples };
        ConnectionOptions.AddTo(verb);
        return verb;
    }

    // A chunk may end within a character: the decoder keeps the beginning for the next one.
    private static async Task CopyAsync(IAsyncStreamReader<LogsChunk> chunks, TextWriter output, CancellationToken cancellationToken)
    {
        var decoder = Encoding.UTF8.GetDecoder();
        while (await chunks.MoveNext(cancellationToken))
        {
            var bytes = chunks.Current.Data.Memory;
            var text = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
            var count = decoder.GetChars(bytes.Span, text, flush: false);
            await output.WriteAsync(text.AsMemory(0, count), cancellationToken);
            await output.FlushAsync(cancellationToken);
        }
    }
}
