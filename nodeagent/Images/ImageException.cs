namespace Substrate.NodeAgent.Images;

/// <summary>An image cannot be used. The message is for people: which image, what is wrong with it, what to do.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="inner">What it comes from.</param>
/// <param name="temporary">True when nothing is wrong with the image and another attempt may succeed: a registry that is away.</param>
internal sealed class ImageException(string message, Exception? inner = null, bool temporary = false) : Exception(message, inner)
{
    public bool Temporary => temporary;
}
