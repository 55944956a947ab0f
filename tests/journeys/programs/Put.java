import java.io.FileInputStream;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPSClient;
import org.apache.commons.net.util.TrustManagerUtils;

/** Uploads a file with Apache Commons Net: mode version host port user password file name. */
public class Put {
    public static void main(String[] a) throws Exception {
        FTPClient client = new FTPClient();
        if (!a[0].equals("ftp")) {
            FTPSClient secure = new FTPSClient("TLS", a[0].equals("ftps"));
            secure.setTrustManager(TrustManagerUtils.getAcceptAllTrustManager());
            secure.setEnabledProtocols(new String[] {a[1]});
            client = secure;
        }
        client.connect(a[2], Integer.parseInt(a[3]));
        if (client instanceof FTPSClient) {
            ((FTPSClient) client).execPBSZ(0);
            ((FTPSClient) client).execPROT("P");
        }
        boolean done = client.login(a[4], a[5]);
        client.setFileType(FTP.BINARY_FILE_TYPE);
        client.enterLocalPassiveMode();
        try (FileInputStream file = new FileInputStream(a[6])) {
            done = done && client.storeFile(a[7], file);
        }
        client.logout();
        client.disconnect();
        System.exit(done ? 0 : 1);
    }
}
