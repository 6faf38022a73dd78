using Microsoft.Extensions.Options;

namespace Substrate.NodeAgent.Store;

/// <summary>The rules that stand beside each option.</summary>
[OptionsValidator]
internal sealed partial class StoreOptionsValidator : IValidateOptions<StoreOptions>;

/// <summary>The rules that need more than an attribute; each failure names the option, its value and the rule.</summary>
internal sealed class StoreRules : IValidateOptions<StoreOptions>
{
    public ValidateOptionsResult Validate(string? name, StoreOptions options)
    {
        var violations = Violations(options).ToArray();
        return violations.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(violations);
    }

    private static IEnumerable<string> Violations(StoreOptions options)
    {
        if (options.Endpoint.Length > 0 && !(Uri.TryCreate(options.Endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            yield return $"Store:Endpoint is '{options.Endpoint}': it must be an address such as http://10.0.0.5:9000.";
        }

        if (options.Endpoint.Length > 0 && options.Bucket.Length == 0)
        {
            yield return $"Store:Endpoint is '{options.Endpoint}' without Store:Bucket: name the bucket too.";
        }

        if (options.Prefix.Length > 0 && (options.Prefix[0] == '/' || options.Prefix[^1] != '/'))
        {
            yield return $"Store:Prefix is '{options.Prefix}': it must end with '/' and not start with it, for instance substrate/.";
        }

        if ((options.AccessKey.Length == 0) != (options.SecretKey.Length == 0))
        {
            yield return $"Store:{(options.AccessKey.Length == 0 ? "AccessKey" : "SecretKey")} is empty: set both keys or neither.";
        }

        if (options.ServerSideEncryption is not ("" or "AES256" or "aws:kms"))
        {
            yield return $"Store:ServerSideEncryption is '{options.ServerSideEncryption}': it must be AES256, aws:kms or empty.";
        }

        if (options.KeyFile.Length > 0 && !File.Exists(options.KeyFile))
        {
            yield return $"Store:KeyFile is '{options.KeyFile}', which is no file that can be read.";
        }
    }
}
