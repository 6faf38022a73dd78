using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Substrate.Proxy.Configuration;

/// <summary>
/// The proxy's options as they are now. A change of the configuration is checked as a whole and then taken over at once; one that breaks
/// a rule is logged and changes nothing. What sockets were opened with stays until a restart.
/// </summary>
internal sealed class LiveOptions : IOptions<ProxyOptions>, IDisposable
{
    private readonly IConfiguration? _configuration;
    private readonly IValidateOptions<ProxyOptions>[] _rules;
    private readonly ILogger _logger;
    private readonly IDisposable? _changes;
    private volatile ProxyRules _current;

    public LiveOptions(IConfiguration configuration, IEnumerable<IValidateOptions<ProxyOptions>> rules, ILogger<LiveOptions> logger)
    {
        (_configuration, _rules, _logger) = (configuration, [.. rules], logger);
        var (options, failures) = Read(configuration);
        _current = failures.Length == 0
            ? new(options)
            : throw new OptionsValidationException(ProxyOptions.Section, typeof(ProxyOptions), failures);
        _changes = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
    }

    /// <summary>Options that do not change.</summary>
    public LiveOptions(ProxyOptions options) =>
        (_rules, _logger, _current) = ([], Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, new(options));

    public ProxyOptions Value => _current.Options;

    /// <summary>What follows from the options, worked out once.</summary>
    public ProxyRules Rules => _current;

    public void Dispose() => _changes?.Dispose();

    private void Reload()
    {
        string[] failures;
        ProxyOptions options;
        try
        {
            (options, failures) = Read(_configuration!);
        }
        catch (InvalidOperationException e)
        {
            // A value that is not of its option's type.
            Log.NotReloaded(_logger, e.InnerException?.Message ?? e.Message);
            return;
        }

        if (failures.Length > 0)
        {
            Log.NotReloaded(_logger, string.Join("; ", failures));
            return;
        }

        var before = _current.Options;
        _current = new(options);
        Log.Reloaded(_logger);
        if (before.Listen != options.Listen || before.OpsListen != options.OpsListen)
        {
            Log.NeedsRestart(_logger, $"{nameof(ProxyOptions.Listen)}, {nameof(ProxyOptions.OpsListen)}");
        }
    }

    private (ProxyOptions Options, string[] Failures) Read(IConfiguration configuration)
    {
        var options = configuration.GetSection(ProxyOptions.Section).Get<ProxyOptions>() ?? new();
        return (options, [.. _rules.Select(rule => rule.Validate(null, options)).Where(static r => r.Failed).SelectMany(static r => r.Failures!)]);
    }
}
