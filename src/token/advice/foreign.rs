//! How a key in a form that is not read becomes one that is.

/// A form in which keys are not read, but which another program can convert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Foreign {
    /// A file of age.
    Age,
    /// A file of Ansible Vault.
    AnsibleVault,
    /// A keystore of Bouncy Castle.
    BouncyCastle,
    /// A PKCS#10 certificate request.
    CertificateRequest,
    /// Something compressed.
    Compressed,
    /// An EC key that spells its curve out.
    CurveInFull,
    /// A private key of Dropbear.
    Dropbear,
    /// An EC key that its object identifier restricts to an agreement.
    EcForAgreement,
    /// A private key of OpenSSH that is encrypted.
    EncryptedOpenSsh,
    /// A private key, encrypted in a way that this program does not open.
    EncryptedPem {
        /// Whether OpenSSL 3 opens it with its legacy provider only.
        is_old: bool,
    },
    /// A file of git-crypt.
    GitCrypt,
    /// A pointer of Git LFS.
    GitLfs,
    /// A Java keystore in which secret keys may be.
    Jceks,
    /// A Java keystore.
    JavaKeystore,
    /// A Secret of Kubernetes.
    KubernetesSecret,
    /// What `openssl enc` encrypted.
    OpensslEnc,
    /// A key that OpenSSL printed for reading.
    OpensslText,
    /// A PKCS#12 file.
    Pkcs12,
    /// A PKCS#12 file in a block of PEM.
    Pkcs12InPem,
    /// A PKCS#7 message.
    Pkcs7,
    /// A key of `PuTTY`.
    Putty,
    /// A file of SOPS.
    Sops,
    /// A key of SSH2 (RFC 4716).
    Ssh2 {
        /// Whether it is a private one.
        is_private: bool,
    },
    /// A keyset of Tink.
    Tink,
    /// A key of a TPM; its public half can be taken out.
    Tpm,
    /// A TSIG key of a name server.
    Tsig,
    /// Text in UTF-16.
    Utf16,
    /// A key in XML.
    Xml,
}

/// Where there is JSON that is not a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonPlace {
    /// In a file of the user, which may have secrets in it.
    File,
    /// In the answer of a server, which everybody may read.
    Answer,
}

/// How to turn JSON into a JWK or a JWK Set.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonEdit {
    /// Find the place of the damage.
    FindDamage,
    /// Put JWKs in lines into a set.
    JoinLines,
    /// Put an array of JWKs into a set.
    WrapArray,
    /// Put JWKs that are listed by name into a set.
    WrapMembers,
    /// Put the JWKs that `keys` lists by name into an array.
    ListKeys,
    /// Put the one JWK that `keys` is into an array.
    ListKey,
    /// Take the array of `keys` out of its string.
    ParseKeys,
    /// Take the JSON out of its string.
    Parse,
    /// Write the names of members in small letters.
    LowerNames,
    /// Take out a member.
    TakeMember {
        /// The way to it, as jq writes it.
        path: String,
        /// Whether it is a string.
        is_text: bool,
        /// Whether it is certainly a key.
        is_key: bool,
    },
    /// Take out `k`, which is the secret itself (RFC 7518 section 6.4.1).
    TakeSecret,
    /// Write `k` in base64url (RFC 7518 section 6.4.1).
    RewriteSecret,
}
