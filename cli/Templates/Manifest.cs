using Substrate.Admin.V1;
using Substrate.Cli.Output;

namespace Substrate.Cli.Templates;

/// <summary>Reads what <c>apply</c> sends.</summary>
internal static class Manifest
{
    /// <summary>The text, the name that messages show before a line number, and the directory that relative image paths start from.</summary>
    /// <param name="path">A file, or <c>-</c> for standard input.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="CommandFailure">The file cannot be read.</exception>
    public static async Task<ApplyRequest> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (path == "-")
        {
            var text = await Console.In.ReadToEndAsync(cancellationToken);
            return new ApplyRequest { Manifest = text, Source = "standard input", BaseDirectory = Directory.GetCurrentDirectory() };
        }

        var full = Path.GetFullPath(path);
        try
        {
            var text = await File.ReadAllTextAsync(full, cancellationToken);
            return new ApplyRequest { Manifest = text, Source = path, BaseDirectory = Path.GetDirectoryName(full) };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"cannot read {path}: {Why(failure)}", null, ExitCode.Failed, failure);
        }
    }

    private static string Why(Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => "no such file",
        UnauthorizedAccessException => "it is a directory, or access to it is denied",
        _ => failure.Message,
    };
}
