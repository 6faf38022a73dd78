using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Substrate.NodeAgent.Networks;

/// <summary>
/// Sees the first packet that passes a slot's gate on its way to the sandbox: one packet socket, which costs nothing while nothing
/// comes. What the gate refuses never passes, so nobody but a caller wakes an actor.
/// </summary>
internal sealed partial class PacketWatch : IPacketWatch
{
    private const ushort EveryProtocol = 3;

    private readonly Socket _socket;

    private PacketWatch(Socket socket)
    {
        _socket = socket;
        Seen = FirstAsync();
    }

    public Task Seen { get; }

    /// <summary>Opens one on an interface of the network namespace at <paramref name="path"/>. A packet that comes from here on is seen.</summary>
    /// <exception cref="NetworkException">The namespace or the interface is gone.</exception>
    public static PacketWatch Open(string path, string link) => NetworkThread.Run(path, () =>
    {
        var index = IndexOf(link);
        if (index == 0)
        {
            throw new NetworkException($"there is no interface {link}");
        }

        // Bound to nothing yet, it receives nothing; what the namespace is stays with the socket.
        var socket = new Socket(AddressFamily.Packet, SocketType.Raw, ProtocolType.IP);
        try
        {
            socket.Bind(new LinkEndPoint(index));
            return new PacketWatch(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    });

    public void Dispose() => _socket.Dispose();

    private async Task FirstAsync()
    {
        try
        {
            // One byte is enough: the rest of the packet is not looked at.
            await _socket.ReceiveAsync(new byte[1]);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed, or the interface went down: whoever waits had better look.
        }
    }

    [LibraryImport("libc", EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int IndexOf(string name);

    // struct sockaddr_ll, of which a bind reads the protocol and the interface.
    private sealed class LinkEndPoint(int index) : EndPoint
    {
        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override SocketAddress Serialize()
        {
            var address = new SocketAddress(AddressFamily.Packet, 20);
            var bytes = address.Buffer.Span;
            BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], EveryProtocol);
            BitConverter.TryWriteBytes(bytes[4..], index);
            return address;
        }
    }
}
