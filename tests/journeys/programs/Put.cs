// Uploads as .NET's own FtpWebRequest does: mode, version of TLS, host, port, user, password, file, name.
using System;
using System.IO;
using System.Net;

static class Put
{
    static int Main(string[] asked)
    {
        ServicePointManager.ServerCertificateValidationCallback = (sender, certificate, chain, errors) => true;
        var request = (FtpWebRequest)WebRequest.Create($"ftp://{asked[2]}:{asked[3]}/{asked[7]}");
        request.Method = WebRequestMethods.Ftp.UploadFile;
        request.EnableSsl = asked[0] == "ftpes";
        request.Credentials = new NetworkCredential(asked[4], asked[5]);
        request.UsePassive = request.UseBinary = true;
        request.Timeout = request.ReadWriteTimeout = 60000;
        try
        {
            using (var file = File.OpenRead(asked[6]))
            using (var data = request.GetRequestStream()) file.CopyTo(data);
            using (var answer = (FtpWebResponse)request.GetResponse()) Console.WriteLine(answer.StatusDescription);
            return 0;
        }
        catch (WebException problem)
        {
            Console.Error.WriteLine(problem.Message);
            return 1;
        }
    }
}
