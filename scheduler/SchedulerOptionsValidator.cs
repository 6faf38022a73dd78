using Microsoft.Extensions.Options;
using Substrate.Scheduler.Operations;

namespace Substrate.Scheduler;

/// <summary>Checks ranges, and that nobody can reach the API from elsewhere without authentication.</summary>
[OptionsValidator]
internal sealed partial class SchedulerRanges : IValidateOptions<SchedulerOptions>;

/// <inheritdoc cref="SchedulerRanges"/>
internal sealed class SchedulerAddresses(IConfiguration configuration) : IValidateOptions<SchedulerOptions>
{
    public ValidateOptionsResult Validate(string? name, SchedulerOptions options)
    {
        var problems = new List<string>();
        if (!ListenAddress.TryParse(options.Listen, out var listen))
        {
            problems.Add($"Scheduler:Listen: '{options.Listen}' must be an address such as https://127.0.0.1:8443");
        }
        else if (!listen.Loopback && string.IsNullOrEmpty(configuration["Substrate:Token"]))
        {
            problems.Add(
                $"Scheduler:Listen: {options.Listen} can be reached from other machines, and no authentication is configured. Set a shared secret " +
                "as Substrate:Token (environment: SUBSTRATE_Substrate__Token), or listen on loopback, for instance https://127.0.0.1:8443");
        }

        if (options.OpsListen.Length > 0 && (!ListenAddress.TryParse(options.OpsListen, out var ops) || ops.Secure))
        {
            problems.Add($"Scheduler:OpsListen: '{options.OpsListen}' must be an address such as http://127.0.0.1:8003, or empty");
        }

        if (options.Lease < options.Interval * 2)
        {
            problems.Add($"Scheduler:Lease: {options.Lease} must be at least twice Scheduler:Interval, which is {options.Interval}");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}

internal static class SchedulerOptionsServices
{
    public static IServiceCollection AddSchedulerOptions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(configuration);
        services.AddOptions<SchedulerOptions>().Bind(configuration.GetSection(SchedulerOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SchedulerOptions>, SchedulerRanges>();
        services.AddSingleton<IValidateOptions<SchedulerOptions>, SchedulerAddresses>();
        return services;
    }
}
