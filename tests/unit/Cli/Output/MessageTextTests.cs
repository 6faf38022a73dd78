using Substrate.AteApi;
using Substrate.Cli.Output;

namespace Substrate.Cli.UnitTests.Output;

public sealed class MessageTextTests
{
    private static readonly ListActorsResponse Actors = new()
    {
        Actors = { new Actor { Atespace = "demo", ActorId = "alice", Version = 3, Status = Actor.Types.Status.Running } },
    };

    [Fact]
    public void Json_OfAMessage_HasProtojsonNames() => Assert.Equal(
        """
        {
          "actors": [
            {
              "actorId": "alice",
              "version": "3",
              "status": "STATUS_RUNNING",
              "atespace": "demo"
            }
          ]
        }
        """,
        MessageText.Of(Actors, OutputFormat.Json));

    [Fact]
    public void Yaml_OfAMessage_HasTheSameStructure() => Assert.Equal(
        """
        actors:
          - actorId: alice
            version: "3"
            status: STATUS_RUNNING
            atespace: demo
        """,
        MessageText.Of(Actors, OutputFormat.Yaml));

    [Fact]
    public void Yaml_OfTextThatLooksLikeAnotherType_IsQuoted()
    {
        var text = MessageText.Of(new Worker { WorkerPod = "true", NodeName = "10", Ip = "a: b" }, OutputFormat.Yaml);

        Assert.Equal("workerPod: \"true\"\nip: 'a: b'\nnodeName: \"10\"", text.Replace("\"a: b\"", "'a: b'", StringComparison.Ordinal));
    }
}
