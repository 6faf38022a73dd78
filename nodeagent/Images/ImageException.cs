namespace Substrate.NodeAgent.Images;

/// <summary>An image cannot be used. The message is for people: which image, what is wrong with it, what to do.</summary>
internal sealed class ImageException(string message, Exception? inner = null) : Exception(message, inner);
