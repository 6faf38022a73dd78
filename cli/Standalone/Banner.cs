namespace Substrate.Cli.Standalone;

/// <summary>What a newcomer reads when everything is up.</summary>
internal static class Banner
{
    /// <summary>What is where, and what to type next.</summary>
    /// <param name="ports">Where it listens.</param>
    /// <param name="data">Its directory.</param>
    /// <param name="withDemo">True when the counter can be used.</param>
    /// <param name="detached">True when it goes on in the background.</param>
    public static string Of(InstancePorts ports, string data, bool withDemo, bool detached)
    {
        var verb = ports.Ingress == InstancePorts.Default ? "./substrate" : $"SUBSTRATE_ENDPOINT={ports.AdminUrl} ./substrate";
        var ingress = ports.Ingress == InstancePorts.Default ? "" : $" --ingress {ports.IngressUrl}";
        var ending = data == DataDirectory.Default ? "" : $" --data {data}";
        var text = $"""

            Substrate is up.

              ingress by host   http://ACTOR.ATESPACE.actors.localhost:{ports.Ingress}/
              ingress by path   {ports.IngressUrl}/actors/ATESPACE/ACTOR/
              admin API         {ports.AdminUrl} (gRPC, TLS)
              metrics, health   http://127.0.0.1:{ports.Ops}/metrics /healthz /readyz
              data              {data}

            """;
        if (withDemo)
        {
            text += $"""

                Create an actor and talk to it; it starts with the first request:

                  {verb} create actor alice -a demo -t demo/counter
                  curl {ports.IngressUrl}/actors/demo/alice/
                  curl http://alice.demo.actors.localhost:{ports.Ingress}/

                Leave it alone for five seconds, see it paused, and wake it with its counts:

                  {verb} get actors -a demo
                  curl {ports.IngressUrl}/actors/demo/alice/
                  {verb} logs actor alice -a demo

                250 actors take turns on this machine:

                  {verb} demo multiplex{ingress}

                """;
        }

        return text + (detached ? $"\nStop it with: ./substrate down{ending}" : $"\nStop it with Ctrl-C, or from elsewhere with: ./substrate down{ending}");
    }
}
