namespace Substrate.Cli.Standalone;

/// <summary>What <c>up</c> was asked for.</summary>
/// <param name="Ports">Where to listen.</param>
/// <param name="Data">Directory, absolute.</param>
/// <param name="Slots">Actors that may run at once.</param>
/// <param name="Verbose">Show the log of every part.</param>
/// <param name="WithDemo">Load the counter.</param>
internal sealed record UpOptions(InstancePorts Ports, string Data, int Slots, bool Verbose, bool WithDemo)
{
    /// <summary>The command line that asks for the same, in the foreground.</summary>
    public string[] ToArguments()
    {
        var invariant = System.Globalization.CultureInfo.InvariantCulture;
        string[] arguments = ["up", "--port", Ports.Ingress.ToString(invariant), "--data", Data, "--slots", Slots.ToString(invariant)];
        return [.. arguments, .. Verbose ? (string[])["--verbose"] : [], .. WithDemo ? (string[])[] : ["--no-demo"]];
    }
}
