namespace Substrate.Cli.Output;

/// <summary>How a resource is written: tables for people, the other two for scripts.</summary>
internal enum OutputFormat
{
    Table,
    Json,
    Yaml,
}
