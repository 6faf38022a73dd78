using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Substrate.NodeAgent.Networks;

/// <summary>Runs a piece of work inside a network namespace, on a thread of its own that ends with it.</summary>
internal static partial class NetworkThread
{
    private const int CloneNewNet = 0x40000000;

    /// <summary>Enters the namespace at <paramref name="path"/> and runs <paramref name="work"/> there.</summary>
    public static T Run<T>(string path, Func<T> work)
    {
        var result = default(T);
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle(path);
                if (SetNs((int)handle.DangerousGetHandle(), CloneNewNet) != 0)
                {
                    throw new Win32Exception(Marshal.GetLastPInvokeError());
                }

                result = work();
            }
            catch (Exception e)
            {
                failure = e;
            }
        })
        { IsBackground = true, Name = "netns" };
        thread.Start();
        thread.Join();
        return failure is null ? result! : throw new NetworkException($"Entering {path} failed: {failure.Message}");
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNs(int fd, int type);
}
