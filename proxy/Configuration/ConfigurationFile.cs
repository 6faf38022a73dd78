namespace Substrate.Proxy.Configuration;

/// <summary>
/// The file named by <c>--config FILE</c> or <c>SUBSTRATE_CONFIG</c>: JSON of the form <c>{"Proxy": {…}}</c>, below environment and command
/// line. It is read again when it changes and when the process gets SIGHUP.
/// </summary>
internal static class ConfigurationFile
{
    private const string Argument = "config";
    private const string Variable = "SUBSTRATE_CONFIG";

    /// <exception cref="FileNotFoundException">A file is named and not there.</exception>
    public static void Add(ConfigurationManager configuration, string[] args)
    {
        var named = new ConfigurationBuilder().AddCommandLine(args).Build()[Argument] ?? Environment.GetEnvironmentVariable(Variable);
        if (named is { Length: > 0 })
        {
            configuration.AddJsonFile(Path.GetFullPath(named), optional: false, reloadOnChange: true);
        }
    }
}
