namespace Substrate.Demos.Counter;

/// <summary>Who this process is, read anew each time: one golden snapshot becomes many actors, so memory cannot know.</summary>
internal sealed class Identity(string directory)
{
    public string Actor => Read("actor-id");

    public string Atespace => Read("atespace");

    private string Read(string name)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directory, name)).Trim();
        }
        catch (IOException)
        {
            // Outside a sandbox there is no identity.
            return "";
        }
    }
}
